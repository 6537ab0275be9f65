import type { GenerationSink, JobInfo, Outcome, Run } from './queue.ts';
import type { StreamEvent } from '../ollama/index.ts';

/** Called after a generation whose sink has thrown, once per generation. Must not throw. */
export type OnSinkError = (error: unknown) => void;

/**
 * A sink whose errors do not reach the queue. After an error it gets no further events, because text with a
 * gap would look complete. It still gets `end`, so that it can close what it opened.
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

  end(job: JobInfo, outcome: Outcome): void {
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
