import type { GenerationSink, Job, Outcome, Run } from './queue.ts';
import type { StreamEvent } from '../ollama/index.ts';

/** Told of a sink that has thrown, once a generation, when that has ended; must not throw. */
export type OnSinkError = (error: unknown) => void;

/**
 * A sink whose errors do not reach the queue. What has thrown gets no further events, because a text with a gap would
 * be taken for the whole, but it is told of the end, so that it can close what it has opened.
 */
export class GuardedSink implements GenerationSink {
  private readonly sink: GenerationSink;
  private readonly onError: OnSinkError;
  private errors: unknown[] = [];

  constructor(sink: GenerationSink, onError: OnSinkError) {
    this.sink = sink;
    this.onError = onError;
  }

  begin(run: Run): void {
    this.guard(() => this.sink.begin(run));
  }

  onEvent(event: StreamEvent): void {
    if (this.errors.length === 0) this.guard(() => this.sink.onEvent(event));
  }

  end(job: Job, outcome: Outcome): void {
    this.guard(() => this.sink.end(job, outcome));
    const [first] = this.errors;
    if (this.errors.length > 0) this.onError(first);
    this.errors = [];
  }

  private guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.errors.push(error);
    }
  }
}
