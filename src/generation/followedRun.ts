import type { AnswerEvent } from './answerReader.ts';

/** A generation that runs beside the queue, as the status bar follows it. `end` must be called. */
export interface FollowedRun {
  begin(model: string): void;
  onEvent(event: AnswerEvent): void;
  end(): void;
}
