import type { ResponseBody } from '../../http/body.ts';
import { classify } from '../errors/classify.ts';
import { OllamaError } from '../../http/errors.ts';
import {
  unreadableLine,
  TextBuilder,
  toResult,
  type GenerationResult,
  type StreamEvent,
} from '../generation.ts';
import { cutStreamError } from '../../http/networkErrors.ts';
import type { ModelStats } from './modelStats.ts';
import type { LoadedModel } from '../api/models.ts';
import { NdjsonDecoder } from '../../http/ndjson.ts';
import type { EventSink } from '../../http/asyncQueue.ts';
import { readLines } from '../../http/readLines.ts';
import { watchPhases, type Phase } from './phases.ts';
import type { Transport } from '../../http/transport.ts';
import {
  readGenerateLine,
  readUsualText,
  type WireGenerateLine,
  type WireGenerateRequest,
} from '../api/wire.ts';

/** What one attempt at a generation works with. */
export interface AttemptDependencies {
  transport: Transport;
  memory: ModelStats;
  request: WireGenerateRequest;
  numCtx: number;
  signal: AbortSignal;
  sink: EventSink<StreamEvent>;
  loadedModels: (signal: AbortSignal) => Promise<LoadedModel[] | undefined>;
  behindAnother: () => boolean;
  /** Called when the connection stands and the prompt is on its way. */
  promptSent: () => void;
}

/** Why the watch over the wait ends; nobody ever sees it. */
const headersCame = 'the headers have come';

/** One request for one generation, from connecting to the last line. */
export class GenerationAttempt {
  private readonly dependencies: AttemptDependencies;
  private readonly text = new TextBuilder();
  private readonly thinking = new TextBuilder();
  private readonly decoder = new NdjsonDecoder(
    (value) => this.readValue(value),
    (line) => this.readText(line),
  );
  private readonly started = performance.now();
  private watching: Promise<void> | undefined;
  private phase: Phase | undefined;
  private last: WireGenerateLine | undefined;
  /** Whether text has been handed out, after which nothing may be tried again. */
  handedOut = false;

  constructor(dependencies: AttemptDependencies) {
    this.dependencies = dependencies;
  }

  /** Whether the server has it to work on: it is connected, and the last line has not come. */
  get served(): boolean {
    return this.watching !== undefined && !this.last;
  }

  /**
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  async run(): Promise<GenerationResult> {
    const { signal } = this.dependencies;
    signal.addEventListener('abort', this.onAbort, { once: true });
    try {
      const answer = await this.send();
      try {
        await this.read(answer.body);
      } finally {
        answer.stop();
      }
      return this.result();
    } catch (error) {
      this.keepText(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', this.onAbort);
    }
  }

  private get path(): string {
    return this.dependencies.request.messages ? '/api/chat' : '/api/generate';
  }

  /** A stream fails with the reason at once, before this attempt has ended. */
  private readonly onAbort = (): void => this.keepText(this.dependencies.signal.reason);

  private keepText(error: unknown): void {
    if (error instanceof OllamaError) error.partialText = this.text.toString();
  }

  private async send(): Promise<{ body: ResponseBody; stop(): void }> {
    const { transport, request, signal } = this.dependencies;
    const waiting = new AbortController();
    this.tell(transport.full ? 'queued' : 'connecting');
    try {
      const onConnected = () => this.connected(waiting.signal);
      return await transport.send({
        method: 'POST',
        path: this.path,
        json: request,
        signal,
        model: request.model,
        onConnected,
      });
    } finally {
      // A reason of ours: the one that Node would make carries a stack trace, which costs more than the rest.
      waiting.abort(headersCame);
    }
  }

  /** A redirect connects again, but it is the same prompt, and one watch is enough. */
  private connected(signal: AbortSignal): void {
    if (this.watching) return;
    this.dependencies.promptSent();
    this.watching = this.watch(signal);
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const { request, loadedModels, behindAnother } = this.dependencies;
    await watchPhases({ model: request.model, loadedModels, behindAnother, tell: this.tell, signal });
  }

  private async read(body: ResponseBody): Promise<void> {
    const { signal, sink, transport } = this.dependencies;
    await readLines(body, {
      decoder: this.decoder,
      complete: () => this.last !== undefined,
      taken: () => sink.taken(),
      signal,
      broken: (cause) => cutStreamError(transport.origin, cause),
    });
  }

  private readValue(value: unknown): void {
    if (this.last) return;
    const line = readGenerateLine(value);
    if (!line) throw unreadableLine();
    if (line.thinking) this.hand('thinking', line.thinking);
    if (line.response) this.hand('text', line.response);
    if (line.error !== undefined) throw this.errorLine(line.error);
    if (line.done) this.last = line;
  }

  /** Takes a line that has nothing but text, as nearly all have, without parsing it. */
  private readText(line: string): boolean {
    const text = readUsualText(line);
    if (text && !this.last) this.hand('text', text);
    return text !== undefined;
  }

  private hand(type: 'text' | 'thinking', text: string): void {
    this.tell(type === 'text' ? 'writing' : 'thinking');
    (type === 'text' ? this.text : this.thinking).add(text);
    this.handedOut = true;
    this.dependencies.sink.push({ type, text });
  }

  private errorLine(text: string): OllamaError {
    const { transport, request } = this.dependencies;
    return classify({
      status: undefined,
      body: text,
      origin: transport.origin,
      path: this.path,
      model: request.model,
    });
  }

  private readonly tell = (phase: Phase): void => {
    if (phase === this.phase) return;
    this.phase = phase;
    const expectedMs =
      phase === 'loading'
        ? this.dependencies.memory.expectedLoadMs(this.dependencies.request.model)
        : undefined;
    this.dependencies.sink.push(
      expectedMs === undefined ? { type: 'phase', phase } : { type: 'phase', phase, expectedMs },
    );
  };

  private result(): GenerationResult {
    const { request, memory, numCtx } = this.dependencies;
    const last = this.last ?? { response: '', thinking: '', done: true };
    const chars = charsOf(request);
    const result = toResult(last, {
      text: this.text.toString(),
      thinking: this.thinking.toString(),
      model: request.model,
      numCtx,
      wallMs: performance.now() - this.started,
      truncated: memory.looksTruncated(request.model, chars, last.prompt_eval_count ?? 0, numCtx),
    });
    memory.note(request.model, chars, result);
    return result;
  }
}

/** Characters that the model reads. */
function charsOf({ prompt, system, suffix, messages = [] }: WireGenerateRequest): number {
  const texts = [prompt, system, suffix, ...messages.map(({ content }) => content)];
  return texts.reduce((total, text) => total + (text?.length ?? 0), 0);
}
