/** A prompt that was read in less time (ms) says nothing about the speed: most of it was in the cache. */
const leastMs = 500;
/** More is not promised before the first word is there. */
const mostPercent = 95;

/** What of a result tells how fast a prompt was read. */
interface ReadPrompt {
  model: string;
  /** Absent where the server does not tell. */
  promptTokens: number | undefined;
  promptDurationMs: number;
}

/** How fast models read, learned from answers, so that it can be told how far one is with a long prompt. */
export class ReadingSpeed {
  /** Tokens per millisecond. */
  private readonly speeds = new Map<string, number>();

  /** The slowest reading counts: the others had a part of the prompt in the cache. */
  note({ model, promptTokens, promptDurationMs }: ReadPrompt): void {
    if (promptDurationMs < leastMs || !promptTokens) return;
    const speed = promptTokens / promptDurationMs;
    this.speeds.set(model, Math.min(speed, this.speeds.get(model) ?? Infinity));
  }

  /** In milliseconds; undefined as long as nothing is known. */
  expectedMs(model: string, tokens: number): number | undefined {
    const speed = this.speeds.get(model);
    return speed === undefined ? undefined : tokens / speed;
  }
}

/** How much of a prompt has been read after a time, in percent. */
export function percentRead(elapsedMs: number, expectedMs: number): number {
  return Math.max(0, Math.min(mostPercent, Math.floor((elapsedMs / Math.max(1, expectedMs)) * 100)));
}

/** Milliseconds between two looks at the clock, and the step (in percent) that is worth telling. */
const lookMs = 250;
const stepPercent = 20;

/** Tells from time to time how much has probably been read. */
export class ReadingProgress {
  private timer: NodeJS.Timeout | undefined;

  /** @param tell gets a multiple of 20, each once */
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
    }, lookMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }
}
