import type { ConversationTurn } from './queue.ts';

/** An answer, complete or not, with everything a follow-up needs. */
export interface SavedAnswer {
  title: string;
  subject: string;
  /** The conversation before it: prompts as sent, answers as shown to the user. */
  history: readonly ConversationTurn[];
  prompt: string;
  /** The model's text without its thinking. */
  text: string;
  /** Whether it was neither cancelled nor interrupted by an error. */
  complete: boolean;
}

/** The last answer with any text. Kept in memory only, until the window closes. */
export class LastAnswer {
  private readonly changed: () => void;
  private answer: SavedAnswer | undefined;
  private continued: SavedAnswer | undefined;

  /** @param changed called whenever the last answer is replaced */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get last(): SavedAnswer | undefined {
    return this.answer;
  }

  /** Makes the next conversation in VS Code's chat continue the last answer. */
  continueInChat(): void {
    this.continued = this.answer;
  }

  /** The answer with which a conversation in the chat starts. */
  get continuedInChat(): SavedAnswer | undefined {
    return this.continued;
  }

  /** Called when that conversation has started. */
  endContinuation(): void {
    this.continued = undefined;
  }

  /** Replaces the last answer. */
  keep(answer: SavedAnswer): void {
    this.answer = answer;
    this.changed();
  }
}
