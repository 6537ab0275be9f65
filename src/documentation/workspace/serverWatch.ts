/** Milliseconds until a server that does not answer, or is busy, is asked again: twice as long each time. */
const pause = { first: 1000, most: 60_000 };

interface WatchDependencies {
  isReachable(signal: AbortSignal): Promise<boolean>;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  /** The server does not answer. */
  onLost: (error: unknown) => void;
  /** It does again. */
  onBack: () => void;
}

/** Waits for a server that does not answer; all pages that need it wait for the same look at it. */
export class ServerWatch {
  private readonly dependencies: WatchDependencies;
  private back: Promise<number> | undefined;
  /** How often the server has said that it is busy since it last did what it was asked. */
  private refusals = 0;

  constructor(dependencies: WatchDependencies) {
    this.dependencies = dependencies;
  }

  /**
   * Waits until the server answers.
   * @returns how often it was looked at
   * @throws the signal's reason when it aborts
   */
  async untilBack(error: unknown): Promise<number> {
    this.back ??= this.watch(error);
    try {
      return await this.back;
    } finally {
      this.back = undefined;
    }
  }

  /** @param asked milliseconds that the server has asked for */
  async pauseWhileBusy(asked: number | undefined): Promise<void> {
    const { wait, signal } = this.dependencies;
    await wait(asked ?? pauseOf(this.refusals++), signal);
  }

  answered(): void {
    this.refusals = 0;
  }

  private async watch(error: unknown): Promise<number> {
    const { wait, signal, onLost, onBack } = this.dependencies;
    onLost(error);
    for (let looks = 0; ; looks++) {
      await wait(pauseOf(looks), signal);
      if (await this.dependencies.isReachable(signal)) {
        onBack();
        return looks + 1;
      }
      signal.throwIfAborted();
    }
  }
}

function pauseOf(times: number): number {
  return Math.min(pause.first * 2 ** times, pause.most);
}
