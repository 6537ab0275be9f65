import { AnswerCollector, type ContentEvent } from '../http/client/answerCollector.ts';
import type { Generation, RunnableAttempt } from '../http/client/generationRunner.ts';
import type { GenerationResult, Phase } from '../http/client/generation.ts';
import { OllamaContextError, OllamaError } from '../http/errors.ts';
import { noGuard } from '../http/guard.ts';
import { cutStreamError } from '../http/networkErrors.ts';
import { readLines } from '../http/readLines.ts';
import type { StreamedResponse } from '../http/transport.ts';
import { ChunkDecoder } from './chunkDecoder.ts';
import type { ClientContext } from './context.ts';
import { brokenCall, filtered, unreadable } from './errors/answerErrors.ts';
import { classifyResponse } from './errors/serverErrors.ts';
import { refusedAbility } from './errors/rules.ts';
import { afterLoading, sendRequest, type Sent } from './requestSending.ts';
import { loadByRouter } from './routerModels.ts';
import { toResult } from './result.ts';
import type { AnswerWindow } from './serverModels.ts';
import { ToolCallPieces } from './toolCallPieces.ts';
import { readChunk, type AnswerChunk, type Usage } from './wire.ts';

/** Milliseconds within which the counts and the end of a stream must follow the end of its text. */
const lagMs = 3000;

/** The reason of an incomplete answer. */
const cutReason = 'error';

/** One request for one generation, from the choice of the model to the last event. */
export class ChatAttempt implements RunnableAttempt {
  private readonly context: ClientContext;
  private readonly asked: Generation;
  private readonly answer: AnswerCollector;
  private readonly calls = new ToolCallPieces();
  private readonly started = performance.now();
  private firstAt: number | undefined;
  private lastAt: number | undefined;
  private isSent = false;
  private loadMs = 0;
  private usage: Usage = {};
  private servedModel: string | undefined;
  private finishReason: string | undefined;
  /** Whether the server has announced the end. */
  private isOver = false;
  /** Whether content came after a reason, so that the reason did not mean the end. */
  private isUnsure = false;
  /** Whether a piece of the answer has come. */
  private hasPieces = false;
  /** Whether the connection was lost. */
  private isBroken = false;
  /** Text of an error event. Events after it are ignored. */
  private errorText: string | undefined;
  private patience: NodeJS.Timeout | undefined;
  /** Fields that a server does not know are omitted within the attempt. */
  readonly wasRefusedOption = false;

  constructor(context: ClientContext, asked: Generation) {
    this.context = context;
    this.asked = asked;
    this.answer = new AnswerCollector(asked.sink);
  }

  mayRepeatAfter(error: unknown): boolean {
    return this.answer.mayRepeatAfter(error);
  }

  /**
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  async run(): Promise<GenerationResult> {
    const { models } = this.context;
    const { request, signal } = this.asked;
    let window: AnswerWindow | undefined;
    signal.addEventListener('abort', this.onAbort, { once: true });
    try {
      const model = await this.permittedModel();
      await this.loadIfUnloaded(model);
      window = await models.windowFor(model, request, signal, () => this.noteSent());
      const sent = await this.send(window);
      window = sent.window;
      await this.readAndStop(sent);
      return this.result(sent.window);
    } catch (error) {
      if (window && error instanceof OllamaContextError) models.noteRefusal(window, error);
      this.noteRefusedAbility(window?.model ?? '', error);
      const explained = await models.explain(error, signal);
      this.answer.keepText(explained);
      throw explained;
    } finally {
      signal.removeEventListener('abort', this.onAbort);
    }
  }

  /** The model of the request. With a guard, a prompt goes only to a model that the server lists, under its name there. */
  private async permittedModel(): Promise<string> {
    const { models, guard } = this.context;
    const { request, signal } = this.asked;
    if (guard !== noGuard) {
      const tell = (phase: Phase): void => this.answer.tell(phase);
      return afterLoading(this.context, { signal, tell }, () => models.permitted(signal, request.model));
    }
    if (request.suffix !== undefined) await models.refresh(signal);
    return models.model(signal, request.model);
  }

  /** A router may be set not to load models by itself; and only so the user sees what the request waits for. */
  private async loadIfUnloaded(model: string): Promise<void> {
    const state = this.context.models.stateOf(model);
    if (state === undefined || state === 'loaded') return;
    this.answer.tell('loading');
    this.loadMs = await loadByRouter(this.context, model, this.asked.signal);
  }

  /** Remembers what the server cannot do, so that it is not offered again. */
  private noteRefusedAbility(model: string, error: unknown): void {
    if (!(error instanceof OllamaError) || error.kind !== 'unsupported') return;
    const ability = refusedAbility(error.cause instanceof Error ? error.cause.message : '');
    if (ability) this.context.fields.refuse(this.context.transport.address, model, ability);
  }

  /** The prompt is recorded once, however often it is sent. */
  private noteSent(): void {
    const { guard, transport } = this.context;
    if (!this.isSent) guard.promptSent(transport.address, this.asked.request.askedBy);
    this.isSent = true;
  }

  /** Saves the partial text at once, because the stream fails before this attempt has ended. */
  private readonly onAbort = (): void => this.answer.keepText(this.asked.signal.reason);

  private send(window: AnswerWindow): Promise<Sent> {
    const { transport } = this.context;
    const { request, signal } = this.asked;
    this.answer.tell(transport.full ? 'queued' : 'connecting');
    return sendRequest(this.context, {
      request,
      window,
      signal,
      tell: (phase) => this.answer.tell(phase),
      onConnected: () => this.noteSent(),
    });
  }

  private async readAndStop({ response, path, window }: Sent): Promise<void> {
    try {
      await this.read(response);
    } finally {
      clearTimeout(this.patience);
      response.stop();
    }
    const { origin, secrets } = this.context.transport;
    const { model } = window;
    if (this.errorText !== undefined)
      throw await classifyResponse({
        status: undefined,
        body: secrets.text(this.errorText),
        origin,
        path,
        model,
      });
    if (this.finishReason === undefined || this.finishReason === cutReason) throw cutStreamError(origin);
    if (this.finishReason === 'content_filter') throw filtered(origin);
    this.deliverCalls(model);
  }

  /** Tool calls are delivered when they are complete, which only the end of the answer shows. */
  private deliverCalls(model: string): void {
    const calls = this.calls.whole();
    if (!calls) throw brokenCall(this.servedModel ?? model);
    for (const call of calls) this.deliver({ type: 'toolCall', call });
  }

  private async read(response: StreamedResponse): Promise<void> {
    const { transport } = this.context;
    const { signal, sink } = this.asked;
    const decoder = new ChunkDecoder(
      (value) => this.readValue(value),
      () => (this.isOver = true),
    );
    try {
      await readLines(response.body, {
        decoder,
        complete: () => this.isOver || this.errorText !== undefined,
        taken: () => this.afterTaken(response, sink.taken()),
        signal,
        broken: (cause) => {
          this.isBroken = cause !== undefined;
          return cutStreamError(transport.origin, cause);
        },
      });
    } catch (error) {
      // The text is complete; only the counts or the last event are missing.
      if (this.finishReason === undefined || signal.aborted || (this.isUnsure && this.isBroken)) throw error;
    }
  }

  private readValue(value: unknown): void {
    if (this.errorText !== undefined || this.isOver) return;
    const read = readChunk(value);
    const chunk = read && this.withoutRepeats(read);
    if (!chunk && this.finishReason !== undefined) return;
    if (!chunk) throw unreadable();
    this.usage = { ...this.usage, ...chunk.usage };
    this.servedModel ??= chunk.model;
    const hasContent = chunk.text + chunk.thinking !== '' || chunk.toolCalls.length > 0;
    if (this.finishReason !== undefined && hasContent) this.doubtReason();
    this.readContent(chunk);
    if (chunk.error !== undefined && (this.finishReason === undefined || this.isUnsure))
      this.errorText = chunk.error;
    else if (chunk.finishReason !== undefined) this.finishReason = chunk.finishReason;
    else if (this.finishReason !== undefined)
      this.isOver = !hasContent && chunk.usage.completionTokens !== undefined;
  }

  /** Some servers end a stream with the whole message once more. */
  private withoutRepeats(chunk: AnswerChunk): AnswerChunk {
    if (!chunk.isWhole) this.hasPieces ||= chunk.text + chunk.thinking !== '' || chunk.toolCalls.length > 0;
    if (!chunk.isWhole || !this.hasPieces) return chunk;
    const { text } = this.answer;
    const rest = chunk.text.startsWith(text) ? chunk.text.slice(text.length) : '';
    return { ...chunk, text: rest, thinking: '', toolCalls: this.calls.isEmpty ? chunk.toolCalls : [] };
  }

  /** Some gateways give a reason with every piece: only the last event or the end of the response counts then. */
  private doubtReason(): void {
    this.isUnsure = true;
    clearTimeout(this.patience);
  }

  private readContent({ thinking, text, toolCalls }: AnswerChunk): void {
    if (thinking) this.deliver({ type: 'thinking', text: thinking });
    if (text) this.deliver({ type: 'text', text });
    for (const piece of toolCalls) {
      this.answer.tell('writing');
      this.calls.add(piece);
    }
  }

  /**
   * Some servers keep the connection open without a last event. Waiting for it begins when the reader has taken
   * everything, because stopping the response drops what it has not read.
   */
  private afterTaken(
    response: StreamedResponse,
    taken: Promise<void> | undefined,
  ): Promise<void> | undefined {
    if (this.finishReason === undefined || this.isUnsure || this.patience) return taken;
    if (taken) return taken.then(() => this.afterTaken(response, undefined));
    this.patience = setTimeout(() => response.stop(), lagMs);
    return undefined;
  }

  private deliver(event: ContentEvent): void {
    this.lastAt = performance.now();
    this.firstAt ??= this.lastAt;
    this.answer.deliver(event);
  }

  private result(window: AnswerWindow): GenerationResult {
    const { models } = this.context;
    const now = performance.now();
    const { started, firstAt = now, lastAt = now } = this;
    const doneReason = this.finishReason ?? '';
    const result = toResult(this.answer, {
      model: this.servedModel || window.model,
      doneReason,
      usage: this.usage,
      numCtx: models.numCtx(window.model),
      totalMs: now - started,
      firstMs: firstAt - started,
      writingMs: lastAt - firstAt,
      loadMs: this.loadMs,
    });
    models.noteAnswer(window, result);
    return doneReason === 'length' && isWindowFull(result, window) ? { ...result, windowFull: true } : result;
  }
}

/** Whether the context window was full, not the requested limit reached. */
function isWindowFull(
  { totalTokens = 0, completionTokens = 0 }: GenerationResult,
  { tokens, isLimited, maxTokens }: AnswerWindow,
): boolean {
  if (isLimited || (tokens !== undefined && totalTokens >= tokens)) return true;
  return maxTokens <= 0 || (completionTokens > 0 && completionTokens < maxTokens);
}
