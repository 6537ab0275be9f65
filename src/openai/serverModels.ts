import { answerLimit, isNearLimit } from '../http/client/answerLimit.ts';
import type { ModelAbilities, Slots } from '../http/client/capabilities.ts';
import type { GenerateRequest, GenerationResult } from '../http/client/generation.ts';
import { ModelList } from '../http/client/modelList.ts';
import type { ModelSummary } from '../http/client/models.ts';
import { ModelStats } from '../http/client/modelStats.ts';
import { assertModelName } from '../http/client/plainName.ts';
import { unfitnessOf } from '../http/client/modelUse.ts';
import { promptSizeOf, promptTexts, type PromptSize } from '../http/client/promptSize.ts';
import type { OllamaSettings } from '../http/client/settings.ts';
import { OllamaError, OllamaModelNotFoundError, type OllamaContextError } from '../http/errors.ts';
import type { OpenAIApi } from './api.ts';
import { signatureOf, type ListedModel } from './models.ts';
import { noModel, withList } from './modelErrors.ts';
import { llamaServer, products, vllm } from './products.ts';
import { ServerFacts } from './serverFacts.ts';

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
  private readonly facts: ServerFacts;
  private readonly onGone: () => void;
  /** Sizes learned from refusals, by model. */
  private readonly learned = new Map<string, number>();

  /** @param onGone called when nothing answers at the address: the next server there may be another one */
  constructor(api: OpenAIApi, settings: OllamaSettings, origin: string, onGone: () => void) {
    this.settings = settings;
    this.origin = origin;
    this.api = api;
    this.facts = new ServerFacts(api);
    this.onGone = onGone;
    this.list = new ModelList((signal) => this.askList(signal));
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
    const images =
      (listed?.summary.capabilities ?? []).includes('vision') || (this.facts.props?.images ?? false);
    return { tools: listed?.tools ?? this.facts.props?.tools ?? true, images };
  }

  /** Asks llama-server for facts about itself, unless they are known. Rejects only with the signal's reason. */
  async learnProps(signal: AbortSignal): Promise<void> {
    if (this.isLlamaServer) await this.facts.learnProps(signal);
  }

  /** How busy llama-server is. Rejects only with the signal's reason. */
  async slots(signal: AbortSignal): Promise<Slots | undefined> {
    return this.isLlamaServer && !this.isRouter ? this.facts.slots(signal) : undefined;
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
    await this.learnProps(signal);
    return this.facts.version(signal, this.isVllm);
  }

  /**
   * The model of a request; one that is known by another name, under its name in the list.
   * @param requested the model of the request, instead of the configured one
   * @throws OllamaModelNotFoundError (kind `noModel`) when none can answer; OllamaSettingsError for a name that is none;
   * OllamaError; the signal's reason
   */
  async model(signal: AbortSignal, requested = this.settings.model): Promise<string> {
    if (requested) assertModelName(requested);
    if (requested) return this.find(requested)?.summary.name ?? requested;
    if (this.chosen === undefined) {
      const models = await this.list.recent(signal);
      // What a router has loaded answers at once.
      this.chosen = choose([...this.loaded.map(({ summary }) => summary), ...models]);
    }
    if (this.chosen === undefined) throw noModel(this.origin);
    return this.chosen;
  }

  /**
   * The model of a request, under its name in the list. One that was chosen automatically is chosen again when
   * it is gone.
   * @throws what `model` and `listedName` throw
   */
  async permitted(signal: AbortSignal, requested = this.settings.model): Promise<string> {
    if (requested) return this.listedName(requested, signal);
    await this.list.recent(signal);
    return this.model(signal, requested);
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
    const ofServer = this.isRouter ? 0 : this.facts.props?.windowTokens;
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
    const charsPerToken = this.stats.charsPerToken(model);
    // Only the server knows whether a refusal that contradicts the prompt still counts.
    const isOutdated = tokens !== undefined && this.learned.has(model) && size.chars / charsPerToken > tokens;
    if (tokens === undefined || isOutdated)
      return { model, size, tokens: undefined, maxTokens: wanted, isLimited: false };
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

  /** Learns from an answer. More tokens than in a refusal: the server has been given a larger window. */
  noteAnswer({ model, size }: AnswerWindow, result: GenerationResult): void {
    if ((result.totalTokens ?? 0) > (this.learned.get(model) ?? Infinity)) this.learned.delete(model);
    // The tokens of images are not known.
    if (size.images === 0) this.stats.note(model, size.chars, result);
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
    this.noteGone(failure);
    if (!(failure instanceof OllamaModelNotFoundError) || failure.kind === 'noModel') return failure;
    this.chosen = undefined;
    const models = await this.list.fresh(signal).catch(() => []);
    signal.throwIfAborted();
    // Naming a model that the server lists would contradict the error.
    const isListed = models.some(({ name }) => name === failure.model);
    return models.length > 0 && !isListed ? withList(failure, this.origin, models) : failure;
  }

  private async askList(signal: AbortSignal): Promise<ModelSummary[]> {
    try {
      this.noteList(await this.api.models(signal));
    } catch (error) {
      this.noteGone(error);
      throw error;
    }
    return this.listed.map(({ summary }) => summary);
  }

  /** Forgets what another list makes doubtful: the server was started with another model, or other options. */
  private noteList(listed: readonly ListedModel[]): void {
    const before = this.listed;
    this.listed = listed;
    if (signatureOf(before) === signatureOf(listed)) return;
    this.forgetServer();
    if (this.chosen !== undefined && !this.find(this.chosen)) this.chosen = undefined;
  }

  private noteGone(error: unknown): void {
    if (!(error instanceof OllamaError) || error.kind !== 'unreachable') return;
    this.forgetServer();
    this.onGone();
  }

  private forgetServer(): void {
    this.facts.forget();
    this.learned.clear();
  }

  private find(model: string): ListedModel | undefined {
    return this.listed.find(({ summary, aliases }) => summary.name === model || aliases.includes(model));
  }
}

function choose(models: readonly ModelSummary[]): string | undefined {
  return models.find((model) => unfitnessOf(model) === undefined)?.name;
}
