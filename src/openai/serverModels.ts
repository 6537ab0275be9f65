import { answerLimit } from '../http/client/answerLimit.ts';
import type { GenerateRequest } from '../http/client/generation.ts';
import { ModelList } from '../http/client/modelList.ts';
import type { ModelSummary } from '../http/client/models.ts';
import { ModelStats } from '../http/client/modelStats.ts';
import { unfitnessOf } from '../http/client/modelUse.ts';
import { promptSizeOf, type PromptSize } from '../http/client/promptSize.ts';
import type { OllamaSettings } from '../http/client/settings.ts';
import { OllamaModelNotFoundError, type OllamaContextError } from '../http/errors.ts';
import { localizable } from '../http/message.ts';
import type { OpenAIApi } from './api.ts';
import type { ListedModel } from './models.ts';

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
  /** Sizes learned from refusals, by model. */
  private readonly learned = new Map<string, number>();

  constructor(api: OpenAIApi, settings: OllamaSettings, origin: string) {
    this.settings = settings;
    this.origin = origin;
    this.api = api;
    this.list = new ModelList(async (signal) => {
      this.listed = await api.models(signal);
      return this.listed.map(({ summary }) => summary);
    });
  }

  /** Whether the server is llama-server, as far as its list shows. */
  get isLlamaServer(): boolean {
    return this.listed.some(({ ownedBy }) => ownedBy === llamaServer);
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
    this.chosen ??= choose(await this.list.recent(signal));
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
  }

  /** Tokens of the model's context window, if the server reports it. */
  windowOf(model: string): number | undefined {
    return this.learned.get(model) ?? (this.find(model)?.windowTokens || undefined);
  }

  /** Tokens of the model's context window; if the server does not report it, the setting. */
  numCtx(model: string): number {
    return this.windowOf(model) ?? this.settings.numCtx;
  }

  /**
   * The context window of a request.
   * @throws OllamaContextError when no answer fits after the prompt
   */
  windowFor(model: string, request: GenerateRequest): AnswerWindow {
    const size = promptSizeOf(request);
    const tokens = this.windowOf(model);
    const wanted = request.maxTokens ?? this.settings.numPredict;
    if (tokens === undefined) return { model, size, tokens, maxTokens: wanted, isLimited: false };
    const charsPerToken = this.stats.charsPerToken(model);
    const isCalibrated = this.stats.isCalibrated(model);
    const maxTokens = answerLimit({ size, charsPerToken, isCalibrated, window: tokens, wanted });
    return { model, size, tokens, maxTokens, isLimited: maxTokens !== wanted };
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
    const { api, listed } = this;
    if (this.isLlamaServer) {
      const { build_info: build } = await api.props(signal);
      return typeof build === 'string' ? build : '';
    }
    return listed.some(({ ownedBy }) => ownedBy === vllm) ? api.version(signal) : '';
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
