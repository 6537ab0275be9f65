import { Api } from './api/api.ts';
import { ModelDetailsCache } from './api/descriptions.ts';
import { OwnWindows } from './generate/contextWindows.ts';
import type { ServerCapabilities } from '../http/client/capabilities.ts';
import type { GenerationRunner } from '../http/client/generationRunner.ts';
import { ModelClient, type PromptBudget } from '../http/client/modelClient.ts';
import type { LoadedModel, ModelSummary, PullProgress } from '../http/client/models.ts';
import { isPlainModelName } from '../http/client/plainName.ts';
import { OllamaModelNotFoundError } from '../http/errors.ts';
import { noGuard, type Guard } from '../http/guard.ts';
import { defaultLiveness, type Liveness } from '../http/liveness.ts';
import { silentLogger, type Logger } from '../http/logger.ts';
import { localizable } from '../http/message.ts';
import { ModelRegistry } from './generate/modelRegistry.ts';
import { Prewarmer } from './generate/prewarmer.ts';
import { ModelPull } from './pull/modelPull.ts';
import { newGenerationRunner } from './generate/generator.ts';
import { OutOfMemoryRecovery } from './generate/recovery.ts';
import { ThinkSupport } from './generate/thinkSupport.ts';
import { ollamaErrors } from './errors/serverErrors.ts';
import { parseSettings, type OllamaSettings } from '../http/client/settings.ts';
import { Transport, type Fetch } from '../http/transport.ts';

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

/** Ollama can all of it. */
const ollamaCapabilities: ServerCapabilities = {
  load: true,
  unload: true,
  pull: true,
  delete: true,
  loadedModels: true,
  contextSize: true,
};

/**
 * A client for one Ollama server with one set of settings. It connects on first use, keeps its connections,
 * and can be used again after `close`.
 */
export class OllamaClient extends ModelClient {
  readonly settings: OllamaSettings;
  private readonly log: Logger;
  readonly capabilities = ollamaCapabilities;
  protected readonly transport: Transport;
  private readonly api: Api;
  private readonly models: ModelRegistry;
  private readonly recovery: OutOfMemoryRecovery;
  protected readonly runner: GenerationRunner;
  private readonly prewarmer: Prewarmer;
  private readonly details: ModelDetailsCache;
  private readonly thinkSupport: ThinkSupport;

  /**
   * @throws OllamaSettingsError naming a setting that cannot be used
   */
  constructor(settings: OllamaSettings, dependencies: ClientDependencies = {}) {
    super();
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
    this.runner = newGenerationRunner(context);
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

  /** The addresses to which requests of this client have gone, or may be going: the server, and hosts behind it. */
  get sentTo(): ReadonlySet<string> {
    return this.models.destinations.used;
  }

  /**
   * Loads the model, so that the first question need not wait; with recovery when memory runs out. Calls while
   * one is under way wait for that one.
   * @returns whether the model is loaded now; never rejects
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    return this.prewarmer.run(signal);
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

  protected async ping(signal: AbortSignal): Promise<void> {
    await this.api.ping(signal);
  }

  protected override onClosing(): void {
    this.prewarmer.forget();
  }
}

function notAName(model: string): OllamaModelNotFoundError {
  const message = localizable(
    '"{0}" is not the name of a model: it has letters without accents, digits and the characters . _ / : - only.',
    model,
  );
  return new OllamaModelNotFoundError(message, model, { kind: 'pullUnknown' });
}
