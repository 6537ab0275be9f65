import type { AnswerEvent } from './answerReader.ts';

/** A generation outside the queue, for the status bar. `end` must be called. */
export interface FollowedRun {
  begin(model: string): void;
  onEvent(event: AnswerEvent): void;
  end(): void;
}
