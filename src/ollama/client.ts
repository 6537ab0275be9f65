import { Api, generateFields } from './api.ts';
import { Attempt } from './attempt.ts';
import { OllamaError } from './errors.ts';
import type { GenerateRequest, GenerationResult, StreamPart } from './generation.ts';
import { noGuard, type Guard } from './guard.ts';
import { silentLogger, type Logger } from './logger.ts';
import { ModelMemory } from './modelMemory.ts';
import { ModelChoice } from './modelChoice.ts';
import type { LoadedModel, ModelSummary } from './models.ts';
import { PartStream, type Sink } from './partStream.ts';
import { Recovery } from './recovery.ts';
import { defaultRetryPolicy, type RetryPolicy } from './retry.ts';
import { withRetries } from './retrying.ts';
import { closed, left, Scope } from './scope.ts';
import { checkSettings, parseKeepAlive, type OllamaSettings } from './settings.ts';
import { Transport, type Fetch } from './transport.ts';

/** Takes parts where only the result is wanted. */
const drain: Sink<StreamPart> = { push: () => undefined, taken: () => undefined };

/** What a client may be given besides its settings. */
export interface ClientParts {
  /** Receives events without any content. */
  log?: Logger;
  /** Takes the place of node-fetch. */
  fetch?: Fetch;
  /** Decides what may be sent where. */
  guard?: Guard;
}

/**
 * A client for one Ollama server with one set of settings. It connects on first use, keeps its connections,
 * and can be used again after `close`.
 */
export class OllamaClient {
  readonly settings: OllamaSettings;
  private readonly log: Logger;
  private readonly guard: Guard;
  private readonly transport: Transport;
  private readonly api: Api;
  private readonly memory = new ModelMemory();
  private readonly choice: ModelChoice;
  private readonly recovery: Recovery;
  private readonly scopes = new Set<Scope>();
  private readonly attempts = new Set<Attempt>();
  private prewarming: Promise<boolean> | undefined;

  /**
   * @throws OllamaSettingsError naming a setting that cannot be used
   */
  constructor(settings: OllamaSettings, parts: ClientParts = {}) {
    checkSettings(settings);
    this.settings = { ...settings, keepAlive: parseKeepAlive(settings.keepAlive) };
    this.log = parts.log ?? silentLogger;
    this.guard = parts.guard ?? noGuard;
    this.transport = new Transport(this.settings, parts.fetch, this.guard);
    this.api = new Api(this.transport, this.settings);
    this.choice = new ModelChoice(this.api, this.transport.origin, settings.model);
    this.recovery = new Recovery({
      log: this.log,
      memory: this.memory,
      load: (model, numCtx, signal) => this.api.load(model, numCtx, signal),
      unload: (model, signal) => this.api.unload(model, signal),
      loadedModels: (signal) => this.api.loaded(signal),
    });
  }

  /** Makes a client and looks whether its server answers; warns when not, but returns it all the same. */
  static async create(settings: OllamaSettings, parts: ClientParts = {}): Promise<OllamaClient> {
    const client = new OllamaClient(settings, parts);
    if (!(await client.healthCheck())) client.log.warn('ollama_not_responding', { origin: client.origin });
    return client;
  }

  /** Scheme, host and port of the server: what may be shown and logged (an URL could carry a password). */
  get origin(): string {
    return this.transport.origin;
  }

  /** `GET /`: whether the server answers 200 within 5 s. Never rejects. */
  async healthCheck(signal?: AbortSignal): Promise<boolean> {
    return this.scoped(signal, async (inner) => {
      await this.api.ping(inner);
      return true;
    }).catch(() => false);
  }

  /**
   * Loads the model, so that the first question need not wait; with recovery when memory runs out. Calls while
   * one is under way wait for that one.
   * @returns whether the model is loaded now; never rejects
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    if (signal) return this.prewarmOnce(signal);
    this.prewarming ??= this.prewarmOnce().finally(() => (this.prewarming = undefined));
    return this.prewarming;
  }

  /** The installed models; empty when the server cannot be reached. Never rejects. */
  async listModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.installedModels(signal).catch(() => []);
  }

  /**
   * As `listModels`, for who wants to know why.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async installedModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.scoped(signal, (inner) => this.api.installed(inner));
  }

  /**
   * The models that are loaded now, from `/api/ps`.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async loadedModels(signal?: AbortSignal): Promise<LoadedModel[]> {
    return this.scoped(signal, (inner) => this.api.loaded(inner));
  }

  /**
   * The server's version, such as `0.33.0`; empty when it does not say.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async version(signal?: AbortSignal): Promise<string> {
    return this.scoped(signal, (inner) => this.api.version(inner));
  }

  /**
   * The model that requests use: the one of the settings, else the loaded one, else the latest that can complete.
   * @throws OllamaModelNotFoundError (kind `noModel`) when none is named and none is installed; OllamaError
   */
  async resolveModel(signal?: AbortSignal): Promise<string> {
    return this.scoped(signal, (inner) => this.choice.model(inner));
  }

  /**
   * Unloads the model to free its memory, and waits until the server no longer lists it (10 s at most).
   * @throws OllamaError; the signal's reason when it aborts
   */
  async unload(signal?: AbortSignal): Promise<void> {
    await this.scoped(signal, async (inner) =>
      this.recovery.unloadAndWait(await this.choice.model(inner), inner),
    );
  }

  /** Context size in tokens that requests for a model use now; smaller than the setting after recovery. */
  numCtxFor(model: string): number {
    return Math.min(this.memory.reducedNumCtx(model) ?? Infinity, this.settings.numCtx);
  }

  /** Characters per token of a model, as far as its answers so far tell (3 before the first). */
  charsPerToken(model: string): number {
    return this.memory.charsPerToken(model);
  }

  /** How long the model took to load the last time, in milliseconds, if this client has seen it. */
  expectedLoadMs(model: string): number | undefined {
    return this.memory.expectedLoadMs(model);
  }

  /**
   * One attempt at an answer, part by part. Leaving it early closes the connection at once.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  stream(request: GenerateRequest): AsyncGenerator<StreamPart, GenerationResult, void> {
    return this.streaming(request, (sink, signal) => this.attempt(request, sink, signal));
  }

  /** `stream`, drained. */
  async generate(request: GenerateRequest): Promise<GenerationResult> {
    return this.scoped(request.signal, (signal) => this.attempt(request, drain, signal));
  }

  /**
   * An answer with retries and recovery, part by part. A retry happens only while no text has been handed out,
   * so that none comes twice; it announces itself by a part.
   * @param policy 3 attempts, waiting 2 s x attempt, unless given; a Retry-After of the server counts more (30 s at most)
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  streamWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): AsyncGenerator<StreamPart, GenerationResult, void> {
    return this.streaming(request, (sink, signal) => this.attemptWithRetry(request, policy, sink, signal));
  }

  /** `streamWithRetry`, drained. */
  async generateWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): Promise<GenerationResult> {
    return this.scoped(request.signal, (signal) => this.attemptWithRetry(request, policy, drain, signal));
  }

  /** Aborts what is running and closes all connections. A later call opens a new pool. */
  async close(): Promise<void> {
    for (const scope of this.scopes) scope.abort(closed(this.origin));
    // Who prewarms from now on must not join one that is dying.
    this.prewarming = undefined;
    await this.transport.close();
  }

  private streaming(
    request: GenerateRequest,
    run: (sink: Sink<StreamPart>, signal: AbortSignal) => Promise<GenerationResult>,
  ): AsyncGenerator<StreamPart, GenerationResult, void> {
    let scope: Scope | undefined;
    const stream: PartStream<StreamPart, GenerationResult> = new PartStream(
      async (sink) => {
        scope = new Scope(this.scopes, request.signal, (reason) => stream.fail(reason));
        try {
          return await run(sink, scope.signal);
        } finally {
          scope.end();
        }
      },
      () => scope?.abort(left),
      request.signal,
    );
    return stream;
  }

  private async scoped<T>(
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const scope = new Scope(this.scopes, signal);
    try {
      return await run(scope.signal);
    } finally {
      scope.end();
    }
  }

  private async attemptWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy,
    sink: Sink<StreamPart>,
    signal: AbortSignal,
  ): Promise<GenerationResult> {
    return withRetries({
      policy,
      signal,
      log: this.log,
      push: (part) => sink.push(part),
      attempt: (handed) => this.attempt(request, sink, signal, handed),
      recover: async (announce) => {
        const model = await this.choice.model(signal);
        await this.recovery.run(model, this.numCtxFor(model), signal, announce);
      },
    });
  }

  private async attempt(
    request: GenerateRequest,
    sink: Sink<StreamPart>,
    signal: AbortSignal,
    handed = { out: false },
  ): Promise<GenerationResult> {
    const model = await this.choice.model(signal);
    const numCtx = this.numCtxFor(model);
    const attempt: Attempt = new Attempt({
      transport: this.transport,
      memory: this.memory,
      request: generateFields(this.settings, request, model, numCtx),
      numCtx,
      signal,
      sink,
      loadedModels: async (s) => (this.transport.full ? undefined : this.api.loaded(s)),
      promptSent: () => this.guard.promptSent(this.origin),
      behindAnother: () => attempt !== [...this.attempts].find((other) => other.served),
    });
    this.attempts.add(attempt);
    try {
      return await attempt.run();
    } catch (error) {
      this.choice.reconsider(error);
      throw error;
    } finally {
      handed.out = attempt.handedOut;
      this.attempts.delete(attempt);
    }
  }

  private async prewarmOnce(outer?: AbortSignal): Promise<boolean> {
    const started = performance.now();
    try {
      await this.scoped(outer, async (signal) => {
        const model = await this.choice.model(signal);
        await this.recovery.load(model, this.numCtxFor(model), signal);
        this.log.info('model_prewarmed', {
          model,
          numCtx: this.numCtxFor(model),
          ms: Math.round(performance.now() - started),
        });
      });
      return true;
    } catch (error) {
      this.choice.reconsider(error);
      this.log.warn('prewarm_failed', {
        origin: this.origin,
        kind: error instanceof OllamaError ? error.kind : 'aborted',
      });
      return false;
    }
  }
}
