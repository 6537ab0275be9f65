import { ControlTokenDecoder, decodeControlTokens, hasMarkedTokens } from '../prompts/controlTokens.ts';
import type { Prompt } from './queue.ts';

/** Any event of a stream that may carry text. */
interface TextEvent {
  type: string;
  text?: string;
}

/**
 * Decodes the escaped control tokens of an answer, for every consumer of the answer. Changes nothing when the
 * prompt has no escaped tokens.
 */
export class AnswerDecoder {
  private readonly isMarked: boolean;
  private readonly text = new ControlTokenDecoder();
  private readonly thinking = new ControlTokenDecoder();

  constructor({ prompt, history = [] }: Pick<Prompt, 'prompt' | 'history'>) {
    const texts = [prompt, ...history.flatMap((turn) => [turn.prompt, turn.answer])];
    this.isMarked = texts.some(hasMarkedTokens);
  }

  /** Decodes an event. Call it for all events in order. */
  event<E extends TextEvent>(event: E): E {
    const { type, text } = event;
    if (!this.isMarked || text === undefined || (type !== 'text' && type !== 'thinking')) return event;
    return { ...event, text: this[type].add(text) };
  }

  result<R extends { text: string; thinking: string }>(result: R): R {
    return { ...result, text: this.whole(result.text), thinking: this.whole(result.thinking) };
  }

  /** Decodes a complete text of the model. */
  whole(text: string): string {
    return this.isMarked ? decodeControlTokens(text) : text;
  }
}
