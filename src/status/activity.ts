import type { GenerationSink, JobInfo, Outcome, Run } from '../generation/queue.ts';
import type { AnswerEvent } from '../generation/answerReader.ts';
import type { Phase } from '../ollama/index.ts';
import type { Activity } from './status.ts';
import { localizeError } from '../ui/localize.ts';

/** Milliseconds between two updates of the speed: often enough to look alive, slow enough to be read. */
const speedEveryMs = 500;

/**
 * Follows the running generation for the status bar: its phase, its speed, and the number of queued
 * generations.
 */
export class ActivityTracker implements GenerationSink {
  private readonly publish: (activity: Activity) => void;
  private activity: Activity = { kind: 'none' };
  private pieces = 0;
  private writingSince = 0;
  private publishedAt = 0;

  constructor(publish: (activity: Activity) => void) {
    this.publish = publish;
  }

  /** Receives the jobs of the generation queue. */
  readonly queueChanged = (jobs: readonly JobInfo[]): void => {
    const [running] = jobs;
    if (!running) return this.set({ kind: 'none' });
    const queued = jobs.length - 1;
    if (this.activity.kind === 'generating' && this.activity.title === running.title)
      this.set({ ...this.activity, queued });
    else this.set({ kind: 'generating', title: running.title, phase: 'waiting', queued });
  };

  begin({ model }: Run): void {
    this.pieces = 0;
    this.writingSince = 0;
    if (this.activity.kind === 'generating') this.set({ ...this.activity, model });
  }

  onEvent(event: AnswerEvent): void {
    if (this.activity.kind !== 'generating') return;
    switch (event.type) {
      case 'phase':
        return this.set(inPhase(this.activity, event.phase));
      case 'retry':
        return this.set({ ...this.activity, phase: 'waiting', retry: localizeError(event.error) });
      case 'text':
      case 'thinking':
        return this.count();
      case 'toolCall':
      case 'restart':
        return;
    }
  }

  end(_job: JobInfo, _outcome: Outcome): void {
    this.activity = { kind: 'none' };
  }

  /** The server streams one token per event. Exact figures come with the result. */
  private count(): void {
    const now = performance.now();
    if (this.pieces++ === 0) this.writingSince = this.publishedAt = now;
    if (this.activity.kind !== 'generating' || now - this.publishedAt < speedEveryMs) return;
    this.publishedAt = now;
    this.set({ ...this.activity, tokensPerSecond: (this.pieces - 1) / ((now - this.writingSince) / 1000) });
  }

  private set(activity: Activity): void {
    this.activity = activity;
    this.publish(activity);
  }
}

/** A phase after a retry belongs to the new attempt, so the retry is no longer shown. */
function inPhase({ retry: _, ...activity }: Activity & { kind: 'generating' }, phase: Phase): Activity {
  return { ...activity, phase };
}
