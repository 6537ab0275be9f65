import { answerLimit, isNearLimit } from '../http/client/answerLimit.ts';
import type { ModelAbilities, Slots } from '../http/client/capabilities.ts';
import type { GenerateRequest } from '../http/client/generation.ts';
import { ModelList } from '../http/client/modelList.ts';
import type { ModelSummary } from '../http/client/models.ts';
import { ModelStats } from '../http/client/modelStats.ts';
import { unfitnessOf } from '../http/client/modelUse.ts';
import { promptSizeOf, promptTexts, type PromptSize } from '../http/client/promptSize.ts';
import type { OllamaSettings } from '../http/client/settings.ts';
import { OllamaError, OllamaModelNotFoundError, type OllamaContextError } from '../http/errors.ts';
import { localizable } from '../http/message.ts';
import type { OpenAIApi } from './api.ts';
import type { ListedModel } from './models.ts';
import type { ServerProps } from './serverProps.ts';

/** Most models named in one message. */
const mostNamed = 5;

/** The server's own name in its list of models. */
const llamaServer = 'llamacpp';
const vllm = 'vllm';
const products: Record<string, string> = {
  [llamaServer]: 'llama-server',
  [vllm]: 'vLLM',
  sglang: 'SGLang',
  organization_owner: 'LM Studio',
};

/** Tokens of the template for one message, an upper estimate. */
const messageTokens = 8;

/** The context window of a request, in tokens. */
export interface AnswerWindow {
  model: string;
  size: PromptSize;
  /** Size of the context window, if known. */
  tokens: number | undefined;
  /** Most tokens of the answer; 0 or less: the server's limit. */
  maxTokens: number;
  /** Whether that is less than requested. */
  isLimited: boolean;
}

/**
 * What a client knows about the models of its server: which one to use, their context windows, and what it
 * has measured.
 */
export class ServerModels {
  readonly stats = new ModelStats();
  readonly list: ModelList;
  private readonly settings: OllamaSettings;
  private readonly origin: string;
  private readonly api: OpenAIApi;
  private listed: readonly ListedModel[] = [];
  private chosen: string | undefined;
  private knownVersion: string | undefined;
  private props: ServerProps | undefined;
  private hasNoSlots = false;
  /** Sizes learned from refusals, by model. */
  private readonly learned = new Map<string, number>();

  constructor(api: OpenAIApi, settings: OllamaSettings, origin: string) {
    this.settings = settings;
    this.origin = origin;
    this.api = api;
    this.list = new ModelList(async (signal) => {
      const before = this.listed[0]?.summary.name;
      this.listed = await api.models(signal);
      if (this.listed[0]?.summary.name !== before) this.props = undefined;
      return this.listed.map(({ summary }) => summary);
    });
  }

  /** Whether the server is llama-server, as far as its list shows. */
  get isLlamaServer(): boolean {
    return this.listed.some(({ ownedBy }) => ownedBy === llamaServer);
  }

  get isVllm(): boolean {
    return this.listed.some(({ ownedBy }) => ownedBy === vllm);
  }

  /** Whether the server loads and unloads models on request: llama-server's router. */
  get isRouter(): boolean {
    return this.listed.some(({ state }) => state !== undefined);
  }

  get hasEmbeddings(): boolean {
    return this.listed.some(({ summary }) => unfitnessOf(summary) === 'embedding');
  }

  /** The model that requests use, if it is known without asking. */
  get current(): string {
    return this.settings.model || (this.chosen ?? '');
  }

  /** The models that the router has loaded. */
  get loaded(): readonly ListedModel[] {
    return this.listed.filter(({ state }) => state === 'loaded');
  }

  stateOf(model: string): ListedModel['state'] {
    return this.find(model)?.state;
  }

  /** As far as the server reports it. Tools are part of the protocol; images are offered only if it reports them. */
  abilitiesOf(model: string): ModelAbilities {
    const listed = this.find(model);
    const images = (listed?.summary.capabilities ?? []).includes('vision') || (this.props?.images ?? false);
    return { tools: listed?.tools ?? this.props?.tools ?? true, images };
  }

  /** Asks llama-server for facts about itself, unless they are known. Rejects only with the signal's reason. */
  async learnProps(signal: AbortSignal): Promise<void> {
    if (!this.isLlamaServer) return;
    this.props ??= await this.api.props(signal).catch(() => {
      signal.throwIfAborted();
      return undefined;
    });
  }

  /** How busy llama-server is. Rejects only with the signal's reason. */
  async slots(signal: AbortSignal): Promise<Slots | undefined> {
    if (!this.isLlamaServer || this.isRouter || this.hasNoSlots) return undefined;
    return this.api.slots(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      this.hasNoSlots = error instanceof OllamaError && error.status !== undefined;
      return undefined;
    });
  }

  /** The server's program, if its list shows it; else empty. */
  get product(): string {
    return products[this.listed[0]?.ownedBy ?? ''] ?? '';
  }

  /**
   * The version of the server; empty when it does not report one.
   * @throws OllamaError when the models cannot be listed; the signal's reason when it aborts
   */
  async version(signal: AbortSignal): Promise<string> {
    await this.list.recent(signal);
    this.knownVersion ??= await this.askVersion(signal).catch(() => {
      signal.throwIfAborted();
      return '';
    });
    return this.knownVersion;
  }

  /**
   * @param requested the model of the request, instead of the configured one
   * @throws OllamaModelNotFoundError (kind `noModel`) when none can answer; OllamaError; the signal's reason
   */
  async model(signal: AbortSignal, requested = this.settings.model): Promise<string> {
    if (requested) return requested;
    if (this.chosen === undefined) {
      const models = await this.list.recent(signal);
      // What a router has loaded answers at once.
      this.chosen = choose([...this.loaded.map(({ summary }) => summary), ...models]);
    }
    if (this.chosen === undefined) throw noModel(this.origin);
    return this.chosen;
  }

  /**
   * The name under which the server lists a model, from a list that is at most two seconds old.
   * @throws OllamaModelNotFoundError when the server does not list it; OllamaError; the signal's reason
   */
  async listedName(model: string, signal: AbortSignal): Promise<string> {
    const models = await this.list.recent(signal);
    const found = this.find(model);
    if (found) return found.summary.name;
    if (models.length === 0) throw noModel(this.origin);
    throw withList(new OllamaModelNotFoundError('', model), this.origin, models);
  }

  /** Requests the list, unless it is known. Never rejects but with the signal's reason. */
  async refresh(signal: AbortSignal): Promise<void> {
    await this.list.recent(signal).catch(() => signal.throwIfAborted());
    await this.learnProps(signal);
  }

  /** Tokens of the model's context window, if the server reports it. */
  windowOf(model: string): number | undefined {
    const listed = this.find(model)?.windowTokens;
    // A router reports the windows of its models in its list.
    const ofServer = this.isRouter ? 0 : this.props?.windowTokens;
    return this.learned.get(model) ?? (listed || ofServer || undefined);
  }

  /** Tokens of the model's context window; if the server does not report it, the setting. */
  numCtx(model: string): number {
    return this.windowOf(model) ?? this.settings.numCtx;
  }

  /**
   * The context window of a request. Where the estimate of its tokens decides, llama-server counts them.
   * @param onCount called before the prompt is sent for that
   * @throws OllamaContextError when no answer fits after the prompt; the signal's reason when it aborts
   */
  async windowFor(
    model: string,
    request: GenerateRequest,
    signal: AbortSignal,
    onCount: () => void,
  ): Promise<AnswerWindow> {
    const size = promptSizeOf(request);
    const tokens = this.windowOf(model);
    const wanted = request.maxTokens ?? this.settings.numPredict;
    if (tokens === undefined) return { model, size, tokens, maxTokens: wanted, isLimited: false };
    const charsPerToken = this.stats.charsPerToken(model);
    const isCalibrated = this.stats.isCalibrated(model);
    const room = { size, charsPerToken, isCalibrated, window: tokens, wanted };
    const mayCount = this.isLlamaServer && size.images === 0 && isNearLimit(room);
    if (mayCount) onCount();
    const counted = mayCount ? await this.count(model, request, signal) : undefined;
    const maxTokens = answerLimit(counted === undefined ? room : { ...room, counted });
    return { model, size, tokens, maxTokens, isLimited: maxTokens !== wanted };
  }

  /** The tokens of a prompt; undefined when the server does not count them. */
  private async count(
    model: string,
    request: GenerateRequest,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const tokens = await this.api.countTokens(model, promptTexts(request).join('\n'), signal).catch(() => {
      signal.throwIfAborted();
      return undefined;
    });
    return tokens === undefined ? undefined : tokens + messageTokens * (request.messages?.length ?? 0);
  }

  /** Learns from the refusal of a prompt, so that the next one fits. */
  noteRefusal({ model, size, tokens }: AnswerWindow, error: OllamaContextError): void {
    if (error.contextTokens > 0) this.learned.set(model, error.contextTokens);
    const refused = error.promptTokens || tokens || error.contextTokens;
    if (refused > 0) this.stats.noteRefusal(model, size.chars, refused);
  }

  /**
   * If `failure` says that the model no longer exists, drops the choice and names the existing ones.
   * @throws the signal's reason when it aborts
   */
  async explain(failure: unknown, signal: AbortSignal): Promise<unknown> {
    if (!(failure instanceof OllamaModelNotFoundError) || failure.kind === 'noModel') return failure;
    this.chosen = undefined;
    const models = await this.list.fresh(signal).catch(() => []);
    signal.throwIfAborted();
    return models.length > 0 ? withList(failure, this.origin, models) : failure;
  }

  private async askVersion(signal: AbortSignal): Promise<string> {
    await this.learnProps(signal);
    if (this.props) return this.props.build;
    return this.isVllm ? this.api.version(signal) : '';
  }

  private find(model: string): ListedModel | undefined {
    return this.listed.find(({ summary, aliases }) => summary.name === model || aliases.includes(model));
  }
}

function choose(models: readonly ModelSummary[]): string | undefined {
  return (models.find((model) => unfitnessOf(model) === undefined) ?? undefined)?.name;
}

function noModel(origin: string): OllamaModelNotFoundError {
  const message = localizable(
    'The server at {0} lists no model that can answer: load one there, or name one in the setting codeworm.model.',
    origin,
  );
  return new OllamaModelNotFoundError(message, '', { kind: 'noModel', isFixedServer: true });
}

function withList(
  { model, status, cause }: OllamaModelNotFoundError,
  origin: string,
  models: readonly ModelSummary[],
): OllamaModelNotFoundError {
  const names = models.slice(0, mostNamed).map(({ name }) => name);
  const message = localizable(
    'The server at {0} does not have the model "{1}": choose one of its models ({2}).',
    origin,
    model,
    names.join(', ') + (models.length > mostNamed ? ', …' : ''),
  );
  return new OllamaModelNotFoundError(message, model, { status, cause, isFixedServer: true });
}
