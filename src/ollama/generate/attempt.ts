import type { EventSink } from '../../http/asyncQueue.ts';
import { AnswerCollector, newCallId, type ContentEvent } from '../../http/client/answerCollector.ts';
import type { ResponseBody } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { OllamaError } from '../../http/errors.ts';
import { noGuard } from '../../http/guard.ts';
import { NdjsonDecoder } from '../../http/ndjson.ts';
import { cutStreamError } from '../../http/networkErrors.ts';
import { readLines } from '../../http/readLines.ts';
import { requestBody } from '../api/requestBody.ts';
import {
  readGenerateLine,
  type WireGenerateLine,
  type WireGenerateRequest,
  type WireToolCall,
} from '../api/wire.ts';
import { cannotThink, classifyResponse, repeatedMessage } from '../errors/serverErrors.ts';
import type {
  GenerateRequest,
  GenerationResult,
  StreamEvent,
  ToolCall,
} from '../../http/client/generation.ts';
import type { ClientContext } from './context.ts';
import type { Destination } from './destinations.ts';
import type { RequestWindow } from './modelRegistry.ts';
import { watchPhases } from './phases.ts';
import { RepetitionCounter } from './repetition.ts';
import { toResult, unreadableLine } from './result.ts';
import type { Think } from './thinkSupport.ts';

// Loaded together with the generations.
export { renderedPrompt } from './renderedPrompt.ts';

/** The input of one attempt. */
interface Asked {
  request: GenerateRequest;
  sink: EventSink<StreamEvent>;
  signal: AbortSignal;
}

/** Abort reason of the phase watch; nothing else sees it. */
const headersCame = 'the headers have come';

/** One request for one generation, from the choice of the model to the last line. */
export class GenerationAttempt {
  private readonly context: ClientContext;
  private readonly asked: Asked;
  private readonly running: Set<GenerationAttempt>;
  private readonly answer: AnswerCollector;
  private model = '';
  private readonly started = performance.now();
  private isSent = false;
  private watching: Promise<void> | undefined;
  private last: WireGenerateLine | undefined;
  /** Text of an error line. Lines after it are ignored. */
  private errorText: string | undefined;
  /** A line with a `done_reason` but without `done`. It counts as the last line if no other follows. */
  private nearlyLast: WireGenerateLine | undefined;
  private readonly repetition = new RepetitionCounter();
  /** Whether the server refused the requested thinking. A request without it counts as new. */
  wasRefusedOption = false;

  /** @param running the client's attempts in progress; includes this one until it ends */
  constructor(context: ClientContext, asked: Asked, running: Set<GenerationAttempt>) {
    this.context = context;
    this.asked = asked;
    this.running = running;
    this.answer = new AnswerCollector(asked.sink, () => context.models.stats.expectedLoadMs(this.model));
  }

  /** Whether another attempt would repeat no text. */
  mayRepeatAfter(error: unknown): boolean {
    return this.answer.mayRepeatAfter(error);
  }

  /** Whether the server is working on it: connected, but the last line has not arrived. */
  get served(): boolean {
    return this.isSent && !this.last;
  }

  /**
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  async run(): Promise<GenerationResult> {
    const { models, settings, transport, thinkSupport } = this.context;
    const { request, signal } = this.asked;
    const waiting = new AbortController();
    let window: RequestWindow | undefined;
    signal.addEventListener('abort', this.onAbort, { once: true });
    this.running.add(this);
    try {
      const { model, addresses } = await this.permittedModel();
      this.model = model;
      window = models.windowFor(model, request);
      const { numCtx, numPredict: maxTokens } = window;
      const think = thinkSupport.valueFor(transport.origin, model, request.think);
      const body = requestBody(settings, { ...request, maxTokens, think }, model, numCtx);
      const call = this.callFor(body, addresses, waiting.signal);
      this.answer.tell(transport.full ? 'queued' : 'connecting');
      const response = await transport
        .send(call)
        .catch((error: unknown) => this.refused(error, model, think));
      // A constant reason: Node's own reason would carry an expensive stack trace.
      waiting.abort(headersCame);
      await this.read(response.body, model, call.path).finally(() => response.stop());
      return this.result(body, window);
    } catch (error) {
      models.selector.reconsider(error);
      if (window) models.noteFailure(window, error);
      this.answer.keepText(error);
      throw error;
    } finally {
      waiting.abort(headersCame);
      this.running.delete(this);
      signal.removeEventListener('abort', this.onAbort);
    }
  }

  private async permittedModel(): Promise<Destination> {
    const { models, guard, version } = this.context;
    const { request, signal } = this.asked;
    const destination = await models.permitted(signal, request.model);
    await version.assertSupported(signal, guard !== noGuard);
    if (guard !== noGuard) await models.refresh(destination.model, signal);
    return destination;
  }

  /** @param waiting aborts when the headers have arrived */
  private callFor(body: WireGenerateRequest, addresses: readonly string[], waiting: AbortSignal): Call {
    return {
      method: 'POST',
      path: body.messages ? '/api/chat' : '/api/generate',
      json: body,
      signal: this.asked.signal,
      model: body.model,
      onConnected: () => this.connected(addresses),
      onReached: () => this.watch(body.model, waiting),
    };
  }

  /** Saves the partial text at once, because the stream fails before this attempt has ended. */
  private readonly onAbort = (): void => this.answer.keepText(this.asked.signal.reason);

  /** Remembers that the model does not support this thinking value, so that the next attempt omits it. */
  private refused(error: unknown, model: string, think: Think | undefined): never {
    const { thinkSupport, transport, log } = this.context;
    if (think !== undefined && error instanceof OllamaError && error.kind === 'thinkUnsupported') {
      thinkSupport.note(transport.origin, model, think, cannotThink(error));
      this.wasRefusedOption = true;
      log.info('think_refused', { model, think });
    }
    throw error;
  }

  /** When it is sent again on a new connection, it is still the same prompt. */
  private connected(addresses: readonly string[]): void {
    if (this.isSent) return;
    this.isSent = true;
    for (const address of addresses) this.context.guard.promptSent(address, this.asked.request.askedBy);
  }

  /** Before the server is known to have the request, its state says nothing about it. */
  private watch(model: string, signal: AbortSignal): void {
    const { transport, api } = this.context;
    this.watching ??= watchPhases({
      model,
      loadedModels: async (inner) => (transport.full ? undefined : api.loaded(inner)),
      behindAnother: () => this !== [...this.running].find((other) => other.served),
      tell: (phase) => this.answer.tell(phase),
      signal,
    });
  }

  private async read(body: ResponseBody, model: string, path: string): Promise<void> {
    const { transport } = this.context;
    const { signal, sink } = this.asked;
    try {
      await readLines(body, {
        decoder: new NdjsonDecoder((value) => this.readValue(value)),
        complete: () => this.last !== undefined || this.errorText !== undefined,
        taken: () => sink.taken(),
        signal,
        broken: (cause) =>
          cause === undefined && this.repetition.isOver
            ? new OllamaError(repeatedMessage(model), { kind: 'repeated' })
            : cutStreamError(transport.origin, cause),
      });
    } catch (error) {
      // Some back ends end with `done_reason` only.
      if (!this.nearlyLast || !(error instanceof OllamaError) || error.kind !== 'cut') throw error;
      this.last = this.nearlyLast;
    }
    if (this.errorText !== undefined) throw await this.errorLine(this.errorText, model, path);
  }

  private errorLine(text: string, model: string, path: string): Promise<OllamaError> {
    const { origin, secrets } = this.context.transport;
    return classifyResponse({ status: undefined, body: secrets.text(text), origin, path, model });
  }

  private readValue(value: unknown): void {
    if (this.last || this.errorText !== undefined) return;
    const line = readGenerateLine(value);
    if (!line) throw unreadableLine();
    if (line.thinking) this.deliver({ type: 'thinking', text: line.thinking });
    if (line.response) this.deliver({ type: 'text', text: line.response });
    for (const call of line.toolCalls) this.deliver({ type: 'toolCall', call: toToolCall(call) });
    if (line.error !== undefined) this.errorText = line.error;
    else if (line.done) this.last = line;
    else if (line.done_reason) this.nearlyLast = line;
  }

  private deliver(event: ContentEvent): void {
    if (event.type !== 'toolCall') this.repetition.add(event.text);
    this.answer.deliver(event);
  }

  private result(body: WireGenerateRequest, window: RequestWindow): GenerationResult {
    const { stats, windows } = this.context.models;
    const last = this.last ?? { response: '', thinking: '', toolCalls: [], done: true };
    const { size, numCtx } = window;
    const result = toResult(last, {
      text: this.answer.text,
      thinking: this.answer.thinking,
      toolCalls: this.answer.toolCalls,
      model: body.model,
      numCtx,
      wallMs: performance.now() - this.started,
    });
    // The tokens of images are not known.
    stats.note(body.model, size.images > 0 ? 0 : size.chars, result);
    windows.noteUsed(body.model, numCtx);
    return isWindowFull(result, window) ? { ...result, windowFull: true } : result;
  }
}

/** Not every server gives a call an id, but its result must name one. */
function toToolCall({ id, function: { name, arguments: args } }: WireToolCall): ToolCall {
  return { id: id ?? newCallId(), name, arguments: args };
}

/** Whether the answer ended because the context window was full, not because of the requested limit. */
function isWindowFull(
  { doneReason, totalTokens = 0, completionTokens = 0 }: GenerationResult,
  { tokens, numPredict, isLimited }: RequestWindow,
): boolean {
  if (totalTokens > tokens) return true;
  return doneReason === 'length' && (isLimited || (completionTokens > 0 && completionTokens < numPredict));
}
