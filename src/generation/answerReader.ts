import { AnswerStream, type AnswerPart } from '../answers/answerStream.ts';
import { splitAnswer } from '../answers/splitAnswer.ts';
import type { GenerationResult, StreamEvent } from '../ollama/index.ts';
import { ShownText, shownText } from '../text/shownText.ts';

/** What a sink is told; `restart`: the text before it turned out to be none of the answer. */
export type AnswerEvent = StreamEvent | { type: 'restart' };

/** Reads the answer in what a model writes, in one place for everything that shows or uses it. */
export class AnswerReader {
  private readonly known: string;
  private readonly stream: AnswerStream;
  private readonly shown: ShownText;

  /** @param known what was asked about: what looks like a mark in it is data */
  constructor(known: string) {
    this.known = known;
    this.stream = new AnswerStream(known);
    this.shown = new ShownText(known);
  }

  read(event: StreamEvent): AnswerEvent[] {
    if (event.type === 'text') return this.eventsOf(this.stream.add(event.text));
    return event.type === 'thinking' ? [{ type: 'thinking', text: shownText(event.text).text }] : [event];
  }

  /** What was held back, once nothing more comes. */
  finish(): AnswerEvent[] {
    return this.eventsOf(this.stream.finish());
  }

  /** The text of the answer as it is shown, and how many characters of it cannot be seen and were dropped. */
  answerIn(text: string): { text: string; dropped: number } {
    return shownText(splitAnswer(text, this.known).text, this.known);
  }

  /** The result with the answer as its text; what cannot be seen in it is still there, for readers of code. */
  result(result: GenerationResult): GenerationResult {
    const { text, thinking } = splitAnswer(result.text, this.known);
    return { ...result, text, thinking: result.thinking + thinking };
  }

  private eventsOf(parts: AnswerPart[]): AnswerEvent[] {
    return parts.map((part) =>
      part.type === 'restart'
        ? part
        : { ...part, text: part.type === 'text' ? this.shown.add(part.text) : shownText(part.text).text },
    );
  }
}
