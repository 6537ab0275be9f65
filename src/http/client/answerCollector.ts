import type { EventSink } from '../asyncQueue.ts';
import { OllamaError } from '../errors.ts';
import type { Phase, StreamEvent, ToolCall } from './generation.ts';
import { TextBuilder } from './textBuilder.ts';

/** A piece of an answer. */
export type ContentEvent = Extract<StreamEvent, { type: 'text' | 'thinking' | 'toolCall' }>;

/** Hands out an answer piece by piece, and keeps all of it: for the result, or for the error that it ends with. */
export class AnswerCollector {
  private readonly sink: EventSink<StreamEvent>;
  private readonly expectedLoadMs: () => number | undefined;
  private readonly texts = new TextBuilder();
  private readonly thoughts = new TextBuilder();
  private readonly calls: ToolCall[] = [];
  private phase: Phase | undefined;
  /** Whether anything was handed out, so that another attempt would repeat it. */
  hasHandedOut = false;

  /** @param expectedLoadMs how long the model took to load earlier, if that is known */
  constructor(sink: EventSink<StreamEvent>, expectedLoadMs: () => number | undefined = () => undefined) {
    this.sink = sink;
    this.expectedLoadMs = expectedLoadMs;
  }

  get text(): string {
    return this.texts.toString();
  }

  get thinking(): string {
    return this.thoughts.toString();
  }

  get toolCalls(): readonly ToolCall[] {
    return this.calls;
  }

  handOut(event: ContentEvent): void {
    this.tell(event.type === 'thinking' ? 'thinking' : 'writing');
    this.hasHandedOut = true;
    switch (event.type) {
      case 'text':
        this.texts.add(event.text);
        break;
      case 'thinking':
        this.thoughts.add(event.text);
        break;
      case 'toolCall':
        this.calls.push(event.call);
        break;
    }
    this.sink.push(event);
  }

  /** Tells a phase when it begins. */
  tell(phase: Phase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    const expectedMs = phase === 'loading' ? this.expectedLoadMs() : undefined;
    this.sink.push(
      expectedMs === undefined ? { type: 'phase', phase } : { type: 'phase', phase, expectedMs },
    );
  }

  /** The text that had arrived is never thrown away. */
  keepText(error: unknown): void {
    if (error instanceof OllamaError) error.partialText = this.text;
  }

  /**
   * Whether another attempt would hand out nothing twice. Where the server could not read an answer, only its thoughts
   * come again, which are no part of it.
   */
  mayRepeatAfter(error: unknown): boolean {
    if (error instanceof OllamaError && error.kind === 'unparsable')
      return this.text === '' && this.calls.length === 0;
    return !this.hasHandedOut;
  }
}

/** A call of a tool needs a name by which its result can be told; older servers give none. */
export function newCallId(): string {
  return `call_${crypto.randomUUID().slice(0, 8)}`;
}
