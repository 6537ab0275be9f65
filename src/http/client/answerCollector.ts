import type { EventSink } from '../asyncQueue.ts';
import { OllamaError, OllamaProtocolError } from '../errors.ts';
import { localizable } from '../message.ts';
import type { Phase, StreamEvent, ToolCall } from './generation.ts';
import { TextBuilder } from './textBuilder.ts';

/** A piece of an answer. */
export type ContentEvent = Extract<StreamEvent, { type: 'text' | 'thinking' | 'toolCall' }>;

/** Most characters of an answer with its thinking and its calls: a fast model writes them in a day. */
const mostChars = 32 * 1024 * 1024;
/** Most calls of tools in one answer. */
export const mostCalls = 1000;

/** Delivers an answer piece by piece, and collects all of it for the result or the error. */
export class AnswerCollector {
  private readonly sink: EventSink<StreamEvent>;
  private readonly expectedLoadMs: () => number | undefined;
  private readonly texts = new TextBuilder();
  private readonly thoughts = new TextBuilder();
  private readonly calls: ToolCall[] = [];
  private chars = 0;
  private phase: Phase | undefined;
  /** Whether anything was delivered, which another attempt would repeat. */
  hasDelivered = false;

  /** @param expectedLoadMs milliseconds of an earlier load of the model, if known */
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

  /** @throws OllamaProtocolError when the answer has no end */
  deliver(event: ContentEvent): void {
    this.chars += event.type === 'toolCall' ? JSON.stringify(event.call).length : event.text.length;
    if (this.chars > mostChars || this.calls.length >= mostCalls) throw endless();
    this.tell(event.type === 'thinking' ? 'thinking' : 'writing');
    this.hasDelivered = true;
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

  /** Reports a phase when it begins. */
  tell(phase: Phase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    const expectedMs = phase === 'loading' ? this.expectedLoadMs() : undefined;
    this.sink.push(
      expectedMs === undefined ? { type: 'phase', phase } : { type: 'phase', phase, expectedMs },
    );
  }

  /** Adds the text received so far to an error. */
  keepText(error: unknown): void {
    if (error instanceof OllamaError) error.partialText = this.text;
  }

  /**
   * Whether another attempt would repeat no text. When the server could not read an answer, only thinking
   * comes again, which is not part of the answer.
   */
  mayRepeatAfter(error: unknown): boolean {
    if (error instanceof OllamaError && error.kind === 'unparsable')
      return this.text === '' && this.calls.length === 0;
    return !this.hasDelivered;
  }
}

/** The error for an answer that is longer than anyone reads. */
export function endless(): OllamaProtocolError {
  const message = localizable(
    'The answer was ended because it is longer than 32 MiB, or calls more than {0} tools: keep what has arrived, or ask for less.',
    mostCalls,
  );
  return new OllamaProtocolError(message, { kind: 'garbled' });
}

/** The result of a tool call must name the call, but not every server gives it an id. */
export function newCallId(): string {
  return `call_${crypto.randomUUID().slice(0, 8)}`;
}
