import { AnswerStream, type AnswerPart } from '../answers/answerStream.ts';
import { splitAnswer } from '../answers/splitAnswer.ts';
import type { GenerationResult, StreamEvent } from '../ollama/index.ts';
import { decodeControlTokens } from '../prompts/controlTokens.ts';
import { AnswerDecoder } from './answerDecoder.ts';
import type { Prompt } from './queue.ts';
import { ShownText, shownText } from '../text/shownText.ts';

/** What a sink is told; `restart`: the text before it turned out to be none of the answer. */
export type AnswerEvent = StreamEvent | { type: 'restart' };

/** Reads the answer in what a model writes, in one place for everything that shows or uses it. */
export class AnswerReader {
  private readonly known: string;
  private readonly stream: AnswerStream;
  private readonly shown: ShownText;
  private readonly decoder: AnswerDecoder;

  /** @param asked what looks like a mark in it is data */
  constructor(asked: Prompt = { system: '', prompt: '' }) {
    this.known = knownIn(asked);
    this.stream = new AnswerStream(this.known);
    this.shown = new ShownText(this.known);
    this.decoder = new AnswerDecoder(asked);
  }

  read(event: StreamEvent): AnswerEvent[] {
    if (event.type === 'text') return this.eventsOf(this.stream.add(event.text));
    return event.type === 'thinking' ? this.eventsOf([event]) : [event];
  }

  /** What was held back, once nothing more comes. */
  finish(): AnswerEvent[] {
    return this.eventsOf(this.stream.finish());
  }

  /** The text of the answer as it is shown, and how many characters of it cannot be seen and were dropped. */
  answerIn(text: string): { text: string; dropped: number } {
    return shownText(this.decoder.whole(splitAnswer(text, this.known).text), this.known);
  }

  /** The result with the answer as its text; what cannot be seen in it is still there, for readers of code. */
  result(result: GenerationResult): GenerationResult {
    const { text, thinking } = splitAnswer(result.text, this.known);
    return this.decoder.result({ ...result, text, thinking: result.thinking + thinking });
  }

  /** Control tokens are decoded last: those that the model has written are marks, those of the user's text are data. */
  private eventsOf(parts: (AnswerPart | { type: 'thinking'; text: string })[]): AnswerEvent[] {
    return parts.map((part) => {
      if (part.type === 'restart') return part;
      const { text } = this.decoder.event(part);
      return { ...part, text: part.type === 'text' ? this.shown.add(text) : shownText(text).text };
    });
  }
}

/** What was asked about, as far as the model could repeat it: as it was encoded, and as the user has written it. */
function knownIn({ prompt, history = [] }: Prompt): string {
  const encoded = [...history.flatMap((turn) => [turn.prompt, turn.answer]), prompt].join('\n');
  const decoded = decodeControlTokens(encoded);
  return decoded === encoded ? encoded : `${encoded}\n${decoded}`;
}
