/** Highest percentage shown before the first word arrives. */
const mostPercent = 95;

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
