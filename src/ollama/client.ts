import { Api } from './api/api.ts';
import { ActiveCalls } from '../http/activeCalls.ts';
import { ModelDetailsCache } from './api/descriptions.ts';
import type { GenerateRequest, GenerationResult, StreamEvent } from './generation.ts';
import { OwnWindows } from './generate/contextWindows.ts';
import { GenerationRunner } from './generate/generator.ts';
import { OllamaModelNotFoundError } from '../http/errors.ts';
import { noGuard, type Guard } from '../http/guard.ts';
import { defaultLiveness, type Liveness } from '../http/liveness.ts';
import { silentLogger, type Logger } from '../http/logger.ts';
import { localizable } from '../http/message.ts';
import { isPlainModelName } from './modelName.ts';
import { ModelRegistry } from './generate/modelRegistry.ts';
import type { LoadedModel, ModelSummary } from './api/models.ts';
import type { EventSink } from '../http/asyncQueue.ts';
import { Prewarmer } from './generate/prewarmer.ts';
import type { PullProgress } from './pull/pull.ts';
import { ModelPull } from './pull/modelPull.ts';
import { OutOfMemoryRecovery } from './generate/recovery.ts';
import { defaultRetryPolicy, type RetryPolicy } from './generate/retry.ts';
import { ThinkSupport } from './generate/thinkSupport.ts';
import { closed } from '../http/abortScope.ts';
import { ollamaErrors } from './errors/serverErrors.ts';
import { parseSettings, type OllamaSettings } from './settings.ts';
import { Transport, type Fetch } from '../http/transport.ts';

/** Ignores the events, for callers that need only the result. */
const drain: EventSink<StreamEvent> = { push: () => undefined, taken: () => undefined };

/** A single attempt without retries. */
const once: RetryPolicy = { attempts: 1, delayMs: 0 };

/** The limits for a prompt, in tokens. */
export interface PromptBudget {
  model: string;
  numCtx: number;
  /** Most tokens of an answer. 0 or less: all that the context window has left. */
  numPredict: number;
  charsPerToken: number;
}

/** Optional dependencies of a client. */
export interface ClientDependencies {
  /** Receives log events without any content. */
  log?: Logger;
  /** Replaces node-fetch. */
  fetch?: Fetch;
  /**
   * Decides what may be sent where. With a guard, a prompt is sent only to a model in the server's list,
   * which costs a request for the list. Without a guard (command line, tests), every request is sent as
   * given.
   */
  guard?: Guard;
  /** Shared by the successive clients of one program. */
  ownWindows?: OwnWindows;
  /** How dead connections are detected. Tests use their own clock and times. */
  liveness?: Partial<Liveness>;
  /** Shared by successive clients. */
  thinkSupport?: ThinkSupport;
}

/**
 * A client for one Ollama server with one set of settings. It connects on first use and keeps its
 * connections. It can be used again after `close`.
 */
export class OllamaClient {
  readonly settings: OllamaSettings;
  private readonly log: Logger;
  private readonly transport: Transport;
  private readonly api: Api;
  private readonly models: ModelRegistry;
  private readonly recovery: OutOfMemoryRecovery;
  private readonly calls = new ActiveCalls();
  private readonly runner: GenerationRunner;
  private readonly prewarmer: Prewarmer;
  private readonly details: ModelDetailsCache;
  private readonly thinkSupport: ThinkSupport;

  /** @throws OllamaSettingsError naming an invalid setting */
  constructor(settings: OllamaSettings, dependencies: ClientDependencies = {}) {
    const parsed = parseSettings(settings);
    this.settings = parsed.settings;
    this.log = dependencies.log ?? silentLogger;
    const { guard = noGuard, fetch, thinkSupport = new ThinkSupport() } = dependencies;
    this.thinkSupport = thinkSupport;
    const liveness = { ...defaultLiveness, ...dependencies.liveness };
    this.transport = new Transport({ ...parsed, errors: ollamaErrors, fetch, guard, liveness });
    this.api = new Api(this.transport, this.settings);
    this.models = new ModelRegistry(
      this.api,
      guard,
      this.settings,
      dependencies.ownWindows ?? new OwnWindows(),
    );
    this.recovery = new OutOfMemoryRecovery(this.api, this.models, this.log);
    const { transport, api, models, recovery, log } = this;
    const context = { settings: this.settings, log, guard, transport, api, models, recovery, thinkSupport };
    this.runner = new GenerationRunner(context);
    this.prewarmer = new Prewarmer(context, this.calls);
    this.details = new ModelDetailsCache((model, signal) => this.api.describe(model, signal));
  }

  /**
   * Creates a client and checks whether its server answers. Logs a warning if not, and returns the client in
   * any case.
   */
  static async create(
    settings: OllamaSettings,
    dependencies: ClientDependencies = {},
  ): Promise<OllamaClient> {
    const client = new OllamaClient(settings, dependencies);
    if (!(await client.healthCheck())) client.log.warn('ollama_not_responding', { origin: client.origin });
    return client;
  }

  /** Scheme, host and port of the server. Safe to show and log, because it cannot contain a password. */
  get origin(): string {
    return this.transport.origin;
  }

  /** Origin and path of the server, without credentials. Approvals and keys belong to this address. */
  get address(): string {
    return this.transport.address;
  }

  /**
   * The addresses that requests of this client have been sent to: the server, and other servers behind it.
   */
  get sentTo(): ReadonlySet<string> {
    return this.models.destinations.used;
  }

  /** `GET /`: whether the server answers 200 within 5 s. Never rejects. */
  async healthCheck(signal?: AbortSignal): Promise<boolean> {
    return this.calls
      .run(signal, async (inner) => {
        await this.api.ping(inner);
        return true;
      })
      .catch(() => false);
  }

  /**
   * Loads the model, so that the first question need not wait. Recovers when memory runs out. Concurrent
   * calls share one load.
   * @returns whether the model is loaded now; never rejects
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    return this.prewarmer.run(signal);
  }

  /** The installed models. Empty when the server cannot be reached. Never rejects. */
  async listModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.installedModels(signal).catch(() => []);
  }

  /**
   * Like `listModels`, but rejects.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async installedModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.calls.run(signal, async (inner) => {
      const models = [...(await this.models.list.fresh(inner))];
      this.thinkSupport.learn(this.origin, models);
      return models;
    });
  }

  /**
   * As `installedModels`, with what `/api/show` adds where the list of an older server (before 0.12.6) has gaps.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async describedModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.calls.run(signal, async (inner) => {
      return this.details.complete([...(await this.models.list.fresh(inner))], inner);
    });
  }

  /**
   * The models that are currently loaded, from `/api/ps`.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async loadedModels(signal?: AbortSignal): Promise<LoadedModel[]> {
    return this.calls.run(signal, (inner) => this.models.loaded(inner));
  }

  /**
   * The server's version, such as `0.33.0`; empty when it does not report one.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async version(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.api.version(inner));
  }

  /**
   * The model that requests use: the configured one, else a loaded one, else the most recently modified one
   * that can answer.
   * @throws OllamaModelNotFoundError (kind `noModel`) when none is configured and none can answer;
   * OllamaError
   */
  async resolveModel(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.models.selector.model(inner));
  }

  /**
   * The addresses that prompts are sent to: the server, and the server that runs the model if that is another
   * one.
   * @throws OllamaModelNotFoundError when the server does not list the model; OllamaError; the signal's
   * reason when it aborts
   */
  async promptDestinations(signal?: AbortSignal): Promise<string[]> {
    return this.calls.run(signal, async (inner) => {
      const { selector, destinations } = this.models;
      return (await destinations.of(await selector.model(inner), inner)).addresses;
    });
  }

  /**
   * Unloads a model to free its memory, and waits until the server no longer lists it (at most 10 s).
   * @param model by default the model that requests use
   * @throws OllamaError; the signal's reason when it aborts
   */
  async unload(signal?: AbortSignal, model?: string): Promise<void> {
    await this.calls.run(signal, async (inner) => {
      const name = model ?? (await this.models.selector.model(inner));
      await this.recovery.unloadAndWait(name, inner);
      this.models.windows.forgetLoaded(name);
    });
  }

  /**
   * Makes the server pull a model from its registry. Aborting closes the connection at once; the server keeps
   * its partial download, and the next pull continues it. There are no retries.
   * @param onProgress called for every line; an error it throws ends the pull
   * @throws OllamaError; OllamaModelNotFoundError (kind `pullUnknown`) when the registry does not have the
   * model; OllamaProtocolError (kind `cut`) when the answer ends too early; the signal's reason when it
   * aborts
   */
  async pullModel(
    model: string,
    onProgress: (progress: PullProgress) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const { transport } = this;
    if (!isPlainModelName(model)) throw notAName(model);
    await this.calls.run(signal, (inner) =>
      new ModelPull({ transport, model, onProgress, signal: inner }).run(),
    );
    this.models.list.forget();
    this.log.info('model_pulled', { model });
  }

  /**
   * Deletes a model from the server's disk. A loaded model stays in memory until it expires: `unload` it
   * first.
   * @throws OllamaModelNotFoundError when it is not installed; OllamaError; the signal's reason when it
   * aborts
   */
  async deleteModel(model: string, signal?: AbortSignal): Promise<void> {
    await this.calls.run(signal, (inner) => this.api.delete(model, inner));
    this.models.selector.forget(model);
    this.models.list.forget();
    this.log.info('model_deleted', { model });
  }

  /**
   * The limits for the next prompt: its model, the tokens of its context window, and the tokens of an answer.
   * @param asked the model and the answer limit of one request, instead of the settings
   * @throws OllamaError; the signal's reason when it aborts
   */
  async promptBudget(
    signal?: AbortSignal,
    asked: { model?: string | undefined; maxTokens?: number | undefined } = {},
  ): Promise<PromptBudget> {
    return this.calls.run(signal, async (inner) => {
      const model = await this.models.selector.model(inner, asked.model);
      await this.models.look(model, inner);
      return {
        model,
        numCtx: this.models.windows.tokensFor(model),
        numPredict: asked.maxTokens ?? this.settings.numPredict,
        charsPerToken: this.charsPerToken(model),
      };
    });
  }

  /**
   * Context size in tokens that requests for a model use now. If another program has loaded the model, its
   * size.
   */
  numCtxFor(model: string): number {
    return this.models.numCtxFor(model);
  }

  /** The reduced context size after recovery from "out of memory", if there was one. */
  reducedNumCtx(model: string): number | undefined {
    return this.models.stats.reducedNumCtx(model);
  }

  /** The context size that another program has loaded the model with, if requests use it. */
  adoptedNumCtx(model: string): number | undefined {
    return this.models.windows.adopted(model);
  }

  /** Characters per token of a model, measured from its answers (3 before the first one). */
  charsPerToken(model: string): number {
    return this.models.stats.charsPerToken(model);
  }

  /** Milliseconds that the latest load of the model took, if this client has measured one. */
  expectedLoadMs(model: string): number | undefined {
    return this.models.stats.expectedLoadMs(model);
  }

  /**
   * One attempt at an answer, as a stream of events. Leaving the stream early closes the connection at once.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  stream(request: GenerateRequest): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.calls.stream(request.signal, (sink, signal) =>
      this.runner.run({ request, policy: once, sink, signal }),
    );
  }

  /** Drains `stream`. */
  async generate(request: GenerateRequest): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy: once, sink: drain, signal }),
    );
  }

  /**
   * An answer with retries and recovery, as a stream of events. It retries only before the first content, so
   * that no text comes twice; each retry is announced by an event.
   * @param policy by default 3 attempts, waiting 2 s x attempt; a longer Retry-After of the server counts
   * instead (at most 30 s)
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  streamWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.calls.stream(request.signal, (sink, signal) =>
      this.runner.run({ request, policy, sink, signal }),
    );
  }

  /** Drains `streamWithRetry`. */
  async generateWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy, sink: drain, signal }),
    );
  }

  /** Aborts all calls and closes all connections. A later call opens a new pool. */
  async close(): Promise<void> {
    this.calls.abortAll(() => closed(this.origin));
    this.prewarmer.forget();
    await this.transport.close();
  }
}

function notAName(model: string): OllamaModelNotFoundError {
  const message = localizable(
    '"{0}" is not the name of a model: it has letters without accents, digits and the characters . _ / : - only.',
    model,
  );
  return new OllamaModelNotFoundError(message, model, { kind: 'pullUnknown' });
}
