import type { GenerationSink, Job, Prompt } from './queue.ts';
import type { ConversationTurn } from '../ollama/index.ts';

/** An answer, whole or not, with everything that is needed to go on from it. */
export interface SavedAnswer {
  title: string;
  subject: string;
  /** The conversation before it. */
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

  /** The same job, whose answer is remembered. */
  record(job: Job): Job {
    const { title, subject, sink } = job;
    let asked: Prompt | undefined;
    let text = '';
    const recorder: GenerationSink = {
      begin: (run) => sink.begin(run),
      onEvent: (part) => {
        if (part.type === 'text') text += part.text;
        sink.onEvent(part);
      },
      end: (ended, outcome) => {
        if (asked && text.trim()) {
          const { prompt, history = [] } = asked;
          this.answer = { title, subject, history, prompt, text, complete: outcome.kind === 'finished' };
          this.changed();
        }
        sink.end(ended, outcome);
      },
    };
    return { ...job, prompt: (budget) => (asked = job.prompt(budget)), sink: recorder };
  }
}
