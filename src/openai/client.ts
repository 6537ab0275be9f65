import type { CommonDependencies } from '../http/client/dependencies.ts';
import type { ModelAbilities, ServerCapabilities, Slots } from '../http/client/capabilities.ts';
import type { GenerateRequest } from '../http/client/generation.ts';
import { GenerationRunner } from '../http/client/generationRunner.ts';
import { ModelClient, type PromptBudget } from '../http/client/modelClient.ts';
import type { LoadedModel, ModelSummary } from '../http/client/models.ts';
import { isModelName } from '../http/client/plainName.ts';
import { parseSettings, type OllamaSettings } from '../http/client/settings.ts';
import { OllamaError } from '../http/errors.ts';
import { noGuard } from '../http/guard.ts';
import { defaultLiveness } from '../http/liveness.ts';
import { silentLogger, type Logger } from '../http/logger.ts';
import { localizable } from '../http/message.ts';
import { Transport } from '../http/transport.ts';
import { OpenAIApi } from './api.ts';
import { ChatAttempt } from './attempt.ts';
import { openAIErrors } from './errors/serverErrors.ts';
import type { ClientContext } from './context.ts';
import { FieldSupport, type Ability } from './fieldSupport.ts';
import { loadByRouter, unloadByRouter } from './routerModels.ts';
import type { ListedModel } from './models.ts';
import { renderedPrompt } from './renderedPrompt.ts';
import { ServerModels } from './serverModels.ts';

/** Optional dependencies of a client. */
export interface ClientDependencies extends CommonDependencies {
  /** Shared by successive clients: the fields that servers have refused. */
  fields?: FieldSupport;
}

/** What no server of this protocol can do. */
const impossible = { pull: false, delete: false, contextSize: false };

function toLoadedModel({ summary: { name, sizeBytes }, windowTokens }: ListedModel): LoadedModel {
  return { name, sizeBytes, gpuShare: undefined, contextLength: windowTokens, expiresAt: '' };
}

/**
 * A client for one OpenAI-compatible server with one set of settings: llama-server, vLLM, LM Studio, TGI,
 * SGLang, or a gateway in front of them. `keepAlive` has no effect here, and `numCtx` only when the server
 * does not report its context window.
 */
export class OpenAIClient extends ModelClient {
  readonly settings: OllamaSettings;
  protected readonly transport: Transport;
  protected readonly runner: GenerationRunner;
  private readonly log: Logger;
  private readonly models: ServerModels;
  private readonly context: ClientContext;

  /** @throws OllamaSettingsError naming an invalid setting */
  constructor(settings: OllamaSettings, dependencies: ClientDependencies = {}) {
    super();
    const parsed = parseSettings(settings);
    const {
      log = silentLogger,
      guard = noGuard,
      fetch,
      connections,
      fields = new FieldSupport(),
    } = dependencies;
    const liveness = { ...defaultLiveness, ...dependencies.liveness };
    const headers = { accept: 'text/event-stream, application/json', ...parsed.headers };
    this.settings = parsed.settings;
    this.log = log;
    this.transport = new Transport({
      ...parsed,
      headers,
      errors: openAIErrors,
      fetch,
      guard,
      liveness,
      connections,
    });
    const api = new OpenAIApi(this.transport);
    const onGone = (): void => fields.forget(this.address);
    this.models = new ServerModels(api, this.settings, this.transport.origin, onGone);
    const { transport, models } = this;
    const context = { settings: this.settings, log, guard, transport, api, models, fields };
    this.context = context;
    this.runner = new GenerationRunner(log, (generation) => new ChatAttempt(context, generation));
  }

  get capabilities(): ServerCapabilities {
    const { product, isRouter, isLlamaServer, hasEmbeddings, current } = this.models;
    return {
      ...impossible,
      ...this.abilities(current),
      product,
      load: isRouter,
      unload: isRouter,
      loadedModels: isRouter,
      infill: isLlamaServer && !this.hasRefused(current, 'infill'),
      embeddings: hasEmbeddings,
    };
  }

  override acceptsName(name: string): boolean {
    return isModelName(name);
  }

  override abilitiesOf({ name }: ModelSummary): ModelAbilities {
    return this.abilities(name);
  }

  protected override renderedPrompt(
    request: GenerateRequest,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    return renderedPrompt(this.context, request, signal);
  }

  override async slots(signal?: AbortSignal): Promise<Slots | undefined> {
    return this.calls.run(signal, (inner) => this.models.slots(inner));
  }

  get sentTo(): ReadonlySet<string> {
    return new Set([this.address]);
  }

  /**
   * Whether the server has the model. Most servers have loaded it before they answer; a router is made to load it.
   * Never rejects.
   */
  async prewarm(signal?: AbortSignal): Promise<boolean> {
    try {
      await this.installedModels(signal);
      const model = await this.resolveModel(signal);
      await this.calls.run(signal, async (inner) => {
        await loadByRouter(this.context, await this.models.listedName(model, inner), inner);
      });
      return true;
    } catch (error) {
      const kind = error instanceof OllamaError ? error.kind : 'aborted';
      this.log.warn('prewarm_failed', { origin: this.origin, kind });
      return false;
    }
  }

  async installedModels(signal?: AbortSignal): Promise<ModelSummary[]> {
    return this.calls.run(signal, async (inner) => {
      const models = [...(await this.models.list.fresh(inner))];
      await this.models.learnProps(inner);
      return models;
    });
  }

  /** Empty: servers of this protocol do not report it. */
  async modelInfo(): Promise<Record<string, unknown>> {
    return {};
  }

  /** Empty for all servers but llama-server's router, because they do not report them. */
  async loadedModels(signal?: AbortSignal): Promise<LoadedModel[]> {
    if (!this.models.isRouter) return [];
    return this.calls.run(signal, async (inner) => {
      await this.models.list.recent(inner);
      return this.models.loaded.map(toLoadedModel);
    });
  }

  async version(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.models.version(inner));
  }

  async resolveModel(signal?: AbortSignal): Promise<string> {
    return this.calls.run(signal, (inner) => this.models.model(inner));
  }

  /** A gateway that forwards prompts does not report it. */
  async promptDestinations(): Promise<string[]> {
    return [this.address];
  }

  async unload(signal?: AbortSignal, model?: string): Promise<void> {
    signal?.throwIfAborted();
    if (!this.models.isRouter) throw this.cannot();
    await this.calls.run(signal, async (inner) => {
      const name = model ?? (await this.models.model(inner));
      await unloadByRouter(this.context, name, inner);
    });
  }

  async pullModel(): Promise<void> {
    throw this.cannot();
  }

  async deleteModel(): Promise<void> {
    throw this.cannot();
  }

  async promptBudget(
    signal?: AbortSignal,
    asked: { model?: string | undefined; maxTokens?: number | undefined } = {},
  ): Promise<PromptBudget> {
    return this.calls.run(signal, async (inner) => {
      await this.models.refresh(inner);
      const model = await this.models.model(inner, asked.model);
      return {
        model,
        numCtx: this.models.numCtx(model),
        numPredict: asked.maxTokens ?? this.settings.numPredict,
        charsPerToken: this.charsPerToken(model),
      };
    });
  }

  numCtxFor(model: string): number {
    return this.models.numCtx(model);
  }

  /** Nothing is reduced: the server has fixed its context window. */
  reducedNumCtx(): undefined {
    return undefined;
  }

  /** The context window reported by the server, instead of the setting. */
  adoptedNumCtx(model: string): number | undefined {
    return this.models.windowOf(model);
  }

  charsPerToken(model: string): number {
    return this.models.stats.charsPerToken(model);
  }

  /** Only a router's loads can be observed. */
  expectedLoadMs(model: string): number | undefined {
    return this.models.stats.expectedLoadMs(model);
  }

  /** Every server of the protocol has the list of models; some have no other address for a check. */
  protected async ping(signal: AbortSignal): Promise<void> {
    await this.transport.text({ method: 'GET', path: '/v1/models', signal, totalMs: 5000 });
  }

  /** What the server reports, without what it has refused. */
  private abilities(model: string): ModelAbilities {
    const { tools, images } = this.models.abilitiesOf(model);
    return {
      tools: tools && !this.hasRefused(model, 'tools'),
      images: images && !this.hasRefused(model, 'images'),
    };
  }

  private hasRefused(model: string, ability: Ability): boolean {
    return this.context.fields.has(this.address, model, ability);
  }

  private cannot(): OllamaError {
    const message = localizable(
      'The server at {0} does not load, unload, pull or delete models when it is asked to: do it on the server itself.',
      this.origin,
    );
    return new OllamaError(message, { kind: 'unsupported' });
  }
}
