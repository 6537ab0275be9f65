import { decodeControlTokens } from '../prompts/controlTokens.ts';
import type { ConversationTurn, Job, Outcome } from './queue.ts';

/** An answer, whole or not, with everything that is needed to go on from it. */
export interface SavedAnswer {
  title: string;
  subject: string;
  /** The conversation before it: prompts as they were sent, answers as the user saw them. */
  history: readonly ConversationTurn[];
  prompt: string;
  /** What the model wrote, without its thinking. */
  text: string;
  /** It was neither cancelled nor broken off. */
  complete: boolean;
}

/** The last answer that has any text, in memory only: it goes nowhere, and with the window it is gone. */
export class LastAnswer {
  private readonly changed: () => void;
  private answer: SavedAnswer | undefined;

  /** @param changed told whenever there is another last answer */
  constructor(changed: () => void) {
    this.changed = changed;
  }

  get last(): SavedAnswer | undefined {
    return this.answer;
  }

  /** Remembers how a job has ended, if any text came. */
  remember({ title, subject }: Job, outcome: Outcome): void {
    const { asked, text, kind } = outcome;
    if (!asked || !text.trim()) return;
    const { prompt, history: sent = [] } = asked;
    const history = sent.map((turn) => ({ prompt: turn.prompt, answer: decodeControlTokens(turn.answer) }));
    this.answer = { title, subject, history, prompt, text, complete: kind === 'finished' };
    this.changed();
  }
}
