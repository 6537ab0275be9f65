import { AnswerStream, type AnswerPart } from '../answers/answerStream.ts';
import { splitAnswer } from '../answers/splitAnswer.ts';
import type { GenerationResult, StreamEvent } from '../ollama/index.ts';
import { decodeControlTokens } from '../prompts/controlTokens.ts';
import { AnswerDecoder } from './answerDecoder.ts';
import type { Prompt } from './queue.ts';
import { ShownText, shownText } from '../text/shownText.ts';

/** An event for a sink. `restart`: the text so far was not part of the answer. */
export type AnswerEvent = StreamEvent | { type: 'restart' };

/** Separates the answer from the rest of the model's text, for every consumer of the answer. */
export class AnswerReader {
  private readonly known: string;
  private readonly stream: AnswerStream;
  private readonly shown: ShownText;
  private readonly decoder: AnswerDecoder;

  /** @param asked the prompt: what looks like a marker but occurs in it is ordinary text */
  constructor(asked: Prompt = { system: '', prompt: '' }) {
    this.known = knownIn(asked);
    this.stream = new AnswerStream(this.known);
    this.shown = new ShownText(this.known);
    this.decoder = new AnswerDecoder(asked);
  }

  read(event: StreamEvent): AnswerEvent[] {
    switch (event.type) {
      case 'text':
        return this.eventsOf(this.stream.add(event.text));
      case 'thinking':
        return this.eventsOf([event]);
      case 'toolCall':
      case 'phase':
      case 'retry':
        return [event];
    }
  }

  /** The events held back so far, at the end of the text. */
  finish(): AnswerEvent[] {
    return this.eventsOf(this.stream.finish());
  }

  /** The answer as it is shown, and the number of invisible characters dropped from it. */
  answerIn(text: string): { text: string; dropped: number } {
    return shownText(this.decoder.whole(splitAnswer(text, this.known).text), this.known);
  }

  /** The result with the answer as its text. Invisible characters are kept for readers of code. */
  result(result: GenerationResult): GenerationResult {
    const { text, thinking } = splitAnswer(result.text, this.known);
    return this.decoder.result({ ...result, text, thinking: result.thinking + thinking });
  }

  /**
   * Decodes control tokens last, so that tokens the model wrote act and those from the user's text stay text.
   */
  private eventsOf(parts: (AnswerPart | { type: 'thinking'; text: string })[]): AnswerEvent[] {
    return parts.map((part) => {
      if (part.type === 'restart') return part;
      const { text } = this.decoder.event(part);
      return { ...part, text: part.type === 'text' ? this.shown.add(text) : shownText(text).text };
    });
  }
}

/** Everything the model could repeat from the prompt: as encoded, and as the user wrote it. */
function knownIn({ prompt, history = [] }: Prompt): string {
  const encoded = [...history.flatMap((turn) => [turn.prompt, turn.answer]), prompt].join('\n');
  const decoded = decodeControlTokens(encoded);
  return decoded === encoded ? encoded : `${encoded}\n${decoded}`;
}
