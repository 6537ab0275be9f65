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

/** Drops the events where only the result is wanted. */
const drain: EventSink<StreamEvent> = { push: () => undefined, taken: () => undefined };

/** A single attempt. */
const once: RetryPolicy = { attempts: 1, delayMs: 0 };

/** What a prompt is made for; in tokens. */
export interface PromptBudget {
  model: string;
  numCtx: number;
  /** Most tokens of an answer; 0 and less: as many as the window has left. */
  numPredict: number;
  charsPerToken: number;
}

/** What a client may be given besides its settings. */
export interface ClientDependencies {
  /** Receives events without any content. */
  log?: Logger;
  /** Takes the place of node-fetch. */
  fetch?: Fetch;
  /**
   * Decides what may be sent where. With a guard a prompt goes only to a model that the server lists, which is asked for
   * the list; without one (command line, tests of the wire) every request is sent as it is given.
   */
  guard?: Guard;
  /** Shared by the clients that one program makes one after the other, as its settings change. */
  ownWindows?: OwnWindows;
  /** How connections are noticed that are dead but look open: a test has its own clock and times. */
  liveness?: Partial<Liveness>;
  /** Shared by clients that follow one another. */
  thinkSupport?: ThinkSupport;
}

/**
 * A client for one Ollama server with one set of settings. It connects on first use, keeps its connections,
 * and can be used again after `close`.
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

  /**
   * @throws OllamaSettingsError naming a setting that cannot be used
   */
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

  /** Makes a client and looks whether its server answers; warns when not, but returns it all the same. */
  static async create(
    settings: OllamaSettings,
    dependencies: ClientDependencies = {},
  ): Promise<OllamaClient> {
    const client = new OllamaClient(settings, dependencies);
    if (!(await client.healthCheck())) client.log.warn('ollama_not_responding', { origin: client.origin });
    return client;
  }

  /** Scheme, host and port of the server: what may be shown and logged (an URL could carry a password). */
  get origin(): string {
    return this.transport.origin;
  }

  /** Origin and path of the server, without credentials: what approvals and keys are bound to. */
  get address(): string {
    return this.transport.address;
  }

  /** The addresses to which requests of this client have gone, or may be going: the server, and hosts behind it. */
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
   * Loads the model, so that the first question need not wait; with recovery when memory runs out. Calls while
   * one is under way wait for that one.
   * @returns whether the model is loaded now; never rejects
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    return this.prewarmer.run(signal);
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
   * The models that are loaded now, from `/api/ps`.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async loadedModels(signal?: AbortSignal): Promise<LoadedModel[]> {
    return this.calls.run(signal, (inner) => this.models.loaded(inner));
  }

  /**
   * The server's version, such as `0.33.0`; empty when it does not say.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async version(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.api.version(inner));
  }

  /**
   * The model that requests use: the one of the settings, else the loaded one, else the latest that can complete.
   * @throws OllamaModelNotFoundError (kind `noModel`) when none is named and none is installed; OllamaError
   */
  async resolveModel(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.models.selector.model(inner));
  }

  /**
   * The addresses that prompts go to: the server, and behind it the one where the model runs if it does not run there.
   * @throws OllamaModelNotFoundError when the server does not list the model; OllamaError; the signal's reason when it aborts
   */
  async promptDestinations(signal?: AbortSignal): Promise<string[]> {
    return this.calls.run(signal, async (inner) => {
      const { selector, destinations } = this.models;
      return (await destinations.of(await selector.model(inner), inner)).addresses;
    });
  }

  /**
   * Unloads a model to free its memory, and waits until the server no longer lists it (10 s at most).
   * @param model the one that requests use, unless given
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
   * Has the server fetch a model from its registry. Aborting closes the connection at once; the server keeps what
   * it has, and the next pull goes on from there. Nothing is tried again by itself.
   * @param onProgress told of every line; what it throws ends the pull
   * @throws OllamaError; OllamaModelNotFoundError (kind `pullUnknown`) when the registry does not have the model;
   * OllamaProtocolError (kind `cut`) when the answer ends too early; the signal's reason when it aborts
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
   * Deletes a model from the server's disk. A model that is loaded stays so until its time is up: `unload` it first.
   * @throws OllamaModelNotFoundError when it is not installed; OllamaError; the signal's reason when it aborts
   */
  async deleteModel(model: string, signal?: AbortSignal): Promise<void> {
    await this.calls.run(signal, (inner) => this.api.delete(model, inner));
    this.models.selector.forget(model);
    this.models.list.forget();
    this.log.info('model_deleted', { model });
  }

  /**
   * What a prompt is to be made for: the model that requests use, the tokens of its window, and of an answer.
   * @param asked the model and the limit of one request, in place of those of the settings
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

  /** Context size in tokens that requests for a model use now; another program's, where it has loaded the model. */
  numCtxFor(model: string): number {
    return this.models.numCtxFor(model);
  }

  /** The context size that recovery from "out of memory" has arrived at, if it had to. */
  reducedNumCtx(model: string): number | undefined {
    return this.models.stats.reducedNumCtx(model);
  }

  /** The context size of another program's that is used as it is, because the model is loaded with it. */
  adoptedNumCtx(model: string): number | undefined {
    return this.models.windows.adopted(model);
  }

  /** Characters per token of a model, as far as its answers so far tell (3 before the first). */
  charsPerToken(model: string): number {
    return this.models.stats.charsPerToken(model);
  }

  /** How long the model took to load the last time, in milliseconds, if this client has seen it. */
  expectedLoadMs(model: string): number | undefined {
    return this.models.stats.expectedLoadMs(model);
  }

  /**
   * One attempt at an answer, event by event. Leaving it early closes the connection at once.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  stream(request: GenerateRequest): AsyncGenerator<StreamEvent, GenerationResult, void> {
    return this.calls.stream(request.signal, (sink, signal) =>
      this.runner.run({ request, policy: once, sink, signal }),
    );
  }

  /** `stream`, drained. */
  async generate(request: GenerateRequest): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy: once, sink: drain, signal }),
    );
  }

  /**
   * An answer with retries and recovery, event by event. A retry happens only while no text has been handed out,
   * so that none comes twice; it announces itself by a part.
   * @param policy 3 attempts, waiting 2 s x attempt, unless given; a Retry-After of the server counts more (30 s at most)
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

  /** `streamWithRetry`, drained. */
  async generateWithRetry(
    request: GenerateRequest,
    policy: RetryPolicy = defaultRetryPolicy,
  ): Promise<GenerationResult> {
    return this.calls.run(request.signal, (signal) =>
      this.runner.run({ request, policy, sink: drain, signal }),
    );
  }

  /** Aborts what is running and closes all connections. A later call opens a new pool. */
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
