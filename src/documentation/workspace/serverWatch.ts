/** Milliseconds until a server that is offline or busy is probed again; doubled each time. */
const pause = { first: 1000, most: 60_000 };

interface WatchDependencies {
  isReachable(signal: AbortSignal): Promise<boolean>;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
  /** Called when the server does not answer. */
  onLost: (error: unknown) => void;
  /** Called when it answers again. */
  onBack: () => void;
}

/** Waits for a server that does not answer. All pages share one wait. */
export class ServerWatch {
  private readonly dependencies: WatchDependencies;
  private back: Promise<number> | undefined;
  /** The pause after "busy" responses; pages that are refused meanwhile share it. */
  private pausing: Promise<void> | undefined;
  /** Number of pauses since the last success. */
  private refusals = 0;

  constructor(dependencies: WatchDependencies) {
    this.dependencies = dependencies;
  }

  /**
   * Waits until the server answers.
   * @returns the number of probes
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

  /**
   * Many servers behind one gateway refuse many pages at once: that is one reason to pause, not many.
   * @param asked milliseconds that the server has asked for
   */
  async pauseWhileBusy(asked: number | undefined): Promise<void> {
    const { wait, signal } = this.dependencies;
    this.pausing ??= wait(asked ?? pauseOf(this.refusals++), signal).finally(
      () => (this.pausing = undefined),
    );
    await this.pausing;
  }

  answered(): void {
    this.refusals = 0;
  }

  private async watch(error: unknown): Promise<number> {
    const { wait, signal, onLost, onBack } = this.dependencies;
    onLost(error);
    for (let probes = 0; ; probes++) {
      await wait(pauseOf(probes), signal);
      if (await this.dependencies.isReachable(signal)) {
        onBack();
        return probes + 1;
      }
      signal.throwIfAborted();
    }
  }
}

function pauseOf(times: number): number {
  return Math.min(pause.first * 2 ** times, pause.most);
}
