import { Api } from './api/api.ts';
import { ollamaCapabilities } from './api/capabilities.ts';
import { ServerVersion } from './api/serverVersion.ts';
import { OwnWindows } from './generate/contextWindows.ts';
import type { ServerCapabilities } from '../http/client/capabilities.ts';
import type { GenerationRunner } from '../http/client/generationRunner.ts';
import { ModelClient, type PromptBudget } from '../http/client/modelClient.ts';
import type { LoadedModel, ModelSummary, PullProgress } from '../http/client/models.ts';
import { isPlainModelName } from '../http/client/plainName.ts';
import type { OllamaError } from '../http/errors.ts';
import { noGuard } from '../http/guard.ts';
import { defaultLiveness } from '../http/liveness.ts';
import { silentLogger, type Logger } from '../http/logger.ts';
import type { ClientContext } from './generate/context.ts';
import type { ClientDependencies } from './generate/dependencies.ts';
import type { GenerateRequest } from '../http/client/generation.ts';
import { ModelRegistry } from './generate/modelRegistry.ts';
import { Prewarmer } from './generate/prewarmer.ts';
import { notAName } from './pull/modelPull.ts';
import { newGenerationRunner } from './generate/generator.ts';
import { OutOfMemoryRecovery } from './generate/recovery.ts';
import { ThinkSupport } from './generate/thinkSupport.ts';
import { ollamaErrors, unknownErrors } from './errors/serverErrors.ts';
import { parseSettings, type OllamaSettings } from '../http/client/settings.ts';
import { Transport } from '../http/transport.ts';

/**
 * A client for one Ollama server with one set of settings. It connects on first use and keeps its
 * connections. It can be used again after `close`.
 */
export class OllamaClient extends ModelClient {
  readonly settings: OllamaSettings;
  private readonly log: Logger;
  protected readonly transport: Transport;
  private readonly api: Api;
  private readonly models: ModelRegistry;
  private readonly context: ClientContext;
  private readonly recovery: OutOfMemoryRecovery;
  protected readonly runner: GenerationRunner;
  private readonly prewarmer: Prewarmer;
  private readonly serverVersion: ServerVersion;
  private readonly thinkSupport: ThinkSupport;
  private readonly isUnknownServer: boolean;

  /** @throws OllamaSettingsError naming an invalid setting */
  constructor(settings: OllamaSettings, dependencies: ClientDependencies = {}) {
    super();
    const parsed = parseSettings(settings, !dependencies.acceptsAnyName);
    this.settings = parsed.settings;
    this.log = dependencies.log ?? silentLogger;
    const {
      guard = noGuard,
      fetch,
      connections,
      thinkSupport = new ThinkSupport(),
      ownWindows = new OwnWindows(),
      isUnknownServer = false,
    } = dependencies;
    this.thinkSupport = thinkSupport;
    this.isUnknownServer = isUnknownServer;
    const liveness = { ...defaultLiveness, ...dependencies.liveness };
    const errors = isUnknownServer ? unknownErrors : ollamaErrors;
    this.transport = new Transport({ ...parsed, errors, fetch, guard, liveness, connections });
    this.api = new Api(this.transport, this.settings);
    this.models = new ModelRegistry(this.api, guard, this.settings, ownWindows);
    this.recovery = new OutOfMemoryRecovery(this.api, this.models, this.log);
    const version = new ServerVersion(this.origin, (signal) => this.api.version(signal));
    this.serverVersion = version;
    const { settings: own, transport, api, models, recovery, log } = this;
    const shared = { settings: own, log, guard, transport, api, version, models, recovery, thinkSupport };
    this.context = shared;
    this.runner = newGenerationRunner(shared);
    this.prewarmer = new Prewarmer(shared, this.calls);
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

  get capabilities(): ServerCapabilities {
    const isKnown = !this.isUnknownServer || this.serverVersion.isKnown;
    return isKnown ? ollamaCapabilities : { ...ollamaCapabilities, product: '' };
  }

  /**
   * The addresses that requests of this client have been sent to: the server, and other servers behind it.
   */
  get sentTo(): ReadonlySet<string> {
    return this.models.destinations.used;
  }

  /**
   * Loads the model, so that the first question need not wait. Recovers when memory runs out. Concurrent
   * calls share one load.
   * @returns whether the model is loaded now; never rejects
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    return this.prewarmer.run(signal);
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
   * The installed models that can answer questions, by their capabilities, names and templates.
   * @throws the signal's reason when it aborts
   */
  override async chatModels(
    installed: readonly ModelSummary[],
    signal?: AbortSignal,
  ): Promise<ModelSummary[]> {
    return this.calls.run(signal, (inner) => this.models.selector.answering(installed, inner));
  }

  protected override async renderedPrompt(
    request: GenerateRequest,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { renderedPrompt } = await import('./generate/attempt.ts');
    return renderedPrompt(this.context, request, signal);
  }

  /**
   * The facts in a model's file (`model_info` of `/api/show`), including the texts of its tokens, which are
   * megabytes.
   * @throws OllamaError; the signal's reason when it aborts
   */
  async modelInfo(model: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
    return this.calls.run(signal, (inner) => this.api.modelInfo(model, inner));
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
    return this.calls.run(signal, (inner) => this.serverVersion.fresh(inner));
  }

  override get outdated(): OllamaError | undefined {
    return this.serverVersion.problem;
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
  async promptDestinations(signal?: AbortSignal, asked?: string): Promise<string[]> {
    return this.calls.run(signal, async (inner) => {
      const { selector, destinations } = this.models;
      return (await destinations.of(await selector.model(inner, asked), inner)).addresses;
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
    await this.calls.run(signal, async (inner) => {
      const { ModelPull } = await import('./pull/modelPull.ts');
      await new ModelPull({ transport, model, onProgress, signal: inner }).run();
    });
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
      await this.models.refresh(model, inner);
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

  protected async ping(signal: AbortSignal): Promise<void> {
    await this.api.ping(signal);
  }

  protected override onClosing(): void {
    this.prewarmer.forget();
  }
}
