import { isOnBattery } from '../power.ts';

/** Milliseconds between two checks of the power supply. */
const checkMs = 30_000;

/** Checks the power supply during a run. */
export class PowerWatch {
  private readonly isWanted: () => boolean;
  private readonly onPower: (isOnBattery: boolean) => void;
  private timer: NodeJS.Timeout | undefined;
  private isIgnored = false;

  /**
   * @param isWanted whether the settings pause on battery
   * @param onPower called after each check, with `false` if the system does not report the power supply
   */
  constructor(isWanted: () => boolean, onPower: (isOnBattery: boolean) => void) {
    this.isWanted = isWanted;
    this.onPower = onPower;
  }

  start(): void {
    this.stop();
    this.isIgnored = false;
    void this.check();
    this.timer = setInterval(() => void this.check(), checkMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** The user continues on battery. */
  ignore(): void {
    this.isIgnored = true;
  }

  private async check(): Promise<void> {
    const pauses = this.isWanted() && !this.isIgnored && (await isOnBattery()) === true;
    if (this.timer) this.onPower(pauses);
  }
}
