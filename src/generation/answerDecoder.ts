import { ControlTokenDecoder, decodeControlTokens, hasMarkedTokens } from '../prompts/controlTokens.ts';
import type { Prompt } from './queue.ts';

/** An event of a stream, whatever else there is in it. */
interface TextEvent {
  type: string;
  text?: string;
}

/**
 * Takes the marks of control tokens out of an answer, in one place for everything that shows or uses it. Where the
 * prompt has no marks, the answer stays as it is.
 */
export class AnswerDecoder {
  private readonly isMarked: boolean;
  private readonly text = new ControlTokenDecoder();
  private readonly thinking = new ControlTokenDecoder();

  constructor({ prompt, history = [] }: Pick<Prompt, 'prompt' | 'history'>) {
    const texts = [prompt, ...history.flatMap((turn) => [turn.prompt, turn.answer])];
    this.isMarked = texts.some(hasMarkedTokens);
  }

  /** A piece of an answer, in the order in which they come. */
  event<E extends TextEvent>(event: E): E {
    const { type, text } = event;
    if (!this.isMarked || text === undefined || (type !== 'text' && type !== 'thinking')) return event;
    return { ...event, text: this[type].add(text) };
  }

  result<R extends { text: string; thinking: string }>(result: R): R {
    return { ...result, text: this.whole(result.text), thinking: this.whole(result.thinking) };
  }

  /** A whole text of the model. */
  whole(text: string): string {
    return this.isMarked ? decodeControlTokens(text) : text;
  }
}
