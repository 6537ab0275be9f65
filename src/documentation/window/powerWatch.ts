import { isOnBattery } from '../power.ts';

/** Milliseconds between two looks at the power supply. */
const lookMs = 30_000;

/** Looks at the power supply while a run is under way. */
export class PowerWatch {
  private readonly isWanted: () => boolean;
  private readonly onPower: (isOnBattery: boolean) => void;
  private timer: NodeJS.Timeout | undefined;
  private isIgnored = false;

  /**
   * @param isWanted whether the settings want to pause on battery
   * @param onPower told at each look; where the system does not tell, the machine counts as plugged in
   */
  constructor(isWanted: () => boolean, onPower: (isOnBattery: boolean) => void) {
    this.isWanted = isWanted;
    this.onPower = onPower;
  }

  start(): void {
    this.stop();
    this.isIgnored = false;
    void this.look();
    this.timer = setInterval(() => void this.look(), lookMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** The user goes on in spite of the battery. */
  ignore(): void {
    this.isIgnored = true;
  }

  private async look(): Promise<void> {
    const pauses = this.isWanted() && !this.isIgnored && (await isOnBattery()) === true;
    if (this.timer) this.onPower(pauses);
  }
}
