import { AnswerReader, type AnswerEvent } from '../../generation/answerReader.ts';
import { emptyAnswerError } from '../../generation/emptyAnswer.ts';
import {
  OllamaError,
  localizable,
  type GenerateRequest,
  type GenerationResult,
  type ModelClient,
  type StreamEvent,
  type Think,
  type ToolCall,
  type ToolDefinition,
  type ChatMessage,
} from '../../ollama/index.ts';
import { withMarks, withoutMarks } from './marks.ts';
import { ToolTextReader, type ToolTextPart } from './toolText.ts';

/** A question to a model. */
export interface Question {
  model: string;
  messages: readonly ChatMessage[];
  tools: readonly ToolDefinition[];
  /** Whether the model must call a tool instead of answering with text. */
  mustCall: boolean;
  think: Think | undefined;
  temperature?: number;
  askedBy: string | undefined;
  signal: AbortSignal;
}

/** Receives the answer. */
export interface AnswerSink {
  text(text: string): void;
  thinking(text: string): void;
  call(call: ToolCall): void;
  /** Receives progress, for the status bar. */
  onEvent(event: StreamEvent): void;
}

/** An answer that was cut although the server reports success. */
export class CutAnswerError extends OllamaError {
  override readonly name = 'CutAnswerError';
  readonly result: GenerationResult;

  constructor(result: GenerationResult) {
    super(cutSentence(result), { kind: 'cut' });
    this.result = result;
  }
}

const callWanted = 'Answer with a call of one of the tools, and with nothing else.';

/** One answer of a model in VS Code's chat. */
export class ChatAnswer {
  private readonly question: Question;
  private readonly sink: AnswerSink;
  private readonly request: GenerateRequest;
  private readonly isMarked: boolean;
  private readonly reader: AnswerReader;
  private readonly calls: ToolTextReader | undefined;
  private text = '';
  private thinking = '';
  private callCount = 0;

  constructor(question: Question, sink: AnswerSink) {
    const { model, tools, think, temperature, askedBy, signal } = question;
    this.question = question;
    this.sink = sink;
    const { messages, isMarked } = withMarks(messagesOf(question));
    this.isMarked = isMarked;
    this.request = {
      model,
      messages,
      tools,
      think,
      ...(temperature === undefined ? {} : { temperature }),
      ...(askedBy === undefined ? {} : { askedBy }),
      signal,
    };
    const asked = messages.map(({ content }) => content).join('\n');
    this.reader = new AnswerReader({ system: '', prompt: asked });
    this.calls = tools.length > 0 ? new ToolTextReader(tools) : undefined;
  }

  /** @throws OllamaError, also for an empty or cut answer; the signal's reason when it aborts */
  async run(client: ModelClient): Promise<GenerationResult> {
    const stream = client.streamWithRetry(this.request);
    try {
      for (;;) {
        const next = await stream.next();
        if (next.done) return this.judged(next.value);
        this.sink.onEvent(next.value);
        this.read(next.value);
      }
    } catch (error) {
      this.flush();
      throw error;
    }
  }

  private read(event: StreamEvent): void {
    switch (event.type) {
      case 'text':
        return this.takeParts(this.calls?.add(event.text) ?? [event as ToolTextPart]);
      case 'thinking':
        return this.tell(this.reader.read(event));
      case 'toolCall':
        if (this.calls) this.takeParts(this.calls.finish());
        return this.call(event.call);
      case 'phase':
      case 'retry':
        return;
    }
  }

  private takeParts(parts: readonly ToolTextPart[]): void {
    for (const part of parts)
      if (part.type === 'text') this.tell(this.reader.read(part));
      else this.call({ ...part.call, id: `call_${crypto.randomUUID().slice(0, 8)}` });
  }

  /** The text before a call is delivered before it. */
  private call(call: ToolCall): void {
    this.tell(this.reader.finish());
    this.callCount++;
    this.sink.call(this.isMarked ? { ...call, arguments: withoutMarks(call.arguments) } : call);
  }

  private tell(events: readonly AnswerEvent[]): void {
    for (const event of events) {
      if (event.type === 'thinking') this.think(event.text);
      else if (event.type === 'text') this.write(event.text);
      // VS Code keeps the text that it has shown. The new answer begins in a new paragraph.
      else if (event.type === 'restart' && this.text !== '') this.write('\n\n');
    }
  }

  private think(text: string): void {
    this.thinking += text;
    if (text !== '') this.sink.thinking(text);
  }

  private write(text: string): void {
    this.text += text;
    if (text !== '') this.sink.text(text);
  }

  private flush(): void {
    if (this.calls) this.takeParts(this.calls.finish());
    this.tell(this.reader.finish());
  }

  /** Rejects an empty or cut answer, by what VS Code has received. */
  private judged(result: GenerationResult): GenerationResult {
    this.flush();
    const isCut = result.windowFull === true || result.doneReason === 'length';
    if (isCut && (this.text.trim() !== '' || this.callCount > 0)) throw new CutAnswerError(result);
    const { text, thinking } = this;
    const empty =
      this.callCount > 0 ? undefined : emptyAnswerError({ ...result, text, thinking, toolCalls: [] });
    if (empty) throw empty;
    if (this.question.mustCall && this.callCount === 0) throw noCall(result.model);
    return result;
  }
}

function messagesOf({ messages, mustCall }: Question): ChatMessage[] {
  const last = messages.at(-1);
  if (!mustCall || last?.role !== 'user') return [...messages];
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n\n${callWanted}` }];
}

function noCall(model: string): OllamaError {
  return new OllamaError(
    localizable(
      'The model "{0}" wrote text, where a call of a tool was wanted: choose another model.',
      model,
    ),
    { kind: 'emptyAnswer' },
  );
}

function cutSentence({ windowFull }: GenerationResult) {
  return windowFull
    ? localizable(
        'The context window is full: raise the setting codeworm.numCtx to get longer answers, or ask about less code.',
      )
    : localizable('Cut at the token limit: raise the setting codeworm.numPredict to get longer answers.');
}
