/** Milliseconds. A prompt read in less says nothing about the speed, because most of it was in the cache. */
const leastMs = 500;
/** Highest percentage shown before the first word arrives. */
const mostPercent = 95;

/** The part of a result that shows how fast a prompt was read. */
interface ReadPrompt {
  model: string;
  /** Undefined when the server does not report it. */
  promptTokens: number | undefined;
  promptDurationMs: number;
}

/** The reading speed of models, measured from answers, to estimate the progress of a long prompt. */
export class ReadingSpeed {
  /** Tokens per millisecond. */
  private readonly speeds = new Map<string, number>();

  /** The slowest reading counts, because for the others a part of the prompt was in the cache. */
  note({ model, promptTokens, promptDurationMs }: ReadPrompt): void {
    if (promptDurationMs < leastMs || !promptTokens) return;
    const speed = promptTokens / promptDurationMs;
    this.speeds.set(model, Math.min(speed, this.speeds.get(model) ?? Infinity));
  }

  /** Milliseconds for a number of tokens; undefined before a measurement. */
  expectedMs(model: string, tokens: number): number | undefined {
    const speed = this.speeds.get(model);
    return speed === undefined ? undefined : tokens / speed;
  }
}

/** The percentage of a prompt that has been read after a time. */
export function percentRead(elapsedMs: number, expectedMs: number): number {
  return Math.max(0, Math.min(mostPercent, Math.floor((elapsedMs / Math.max(1, expectedMs)) * 100)));
}

/** Milliseconds between two updates, and the percentage between two reports. */
const updateMs = 250;
const stepPercent = 20;

/** Reports from time to time how much has probably been read. */
export class ReadingProgress {
  private timer: NodeJS.Timeout | undefined;

  /** @param tell called with each multiple of 20 once */
  start(expectedMs: number, tell: (percent: number) => void): void {
    this.stop();
    const started = performance.now();
    let told = 0;
    this.timer = setInterval(() => {
      const percent = percentRead(performance.now() - started, expectedMs);
      const step = percent - (percent % stepPercent);
      if (step <= told) return;
      told = step;
      tell(step);
    }, updateMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
