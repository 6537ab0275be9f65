import { OllamaContextError } from '../../http/errors.ts';
import type { Guard } from '../../http/guard.ts';
import type { Api } from '../api/api.ts';
import { ModelList } from '../../http/client/modelList.ts';
import type { LoadedModel } from '../../http/client/models.ts';
import { remoteHostOf, sameModel } from '../modelName.ts';
import type { OllamaSettings } from '../../http/client/settings.ts';
import type { GenerateRequest } from '../../http/client/generation.ts';
import { answerLimit, neededTokens } from '../../http/client/answerLimit.ts';
import { ContextWindows, type OwnWindows } from './contextWindows.ts';
import { PromptDestinations, type Destination } from './destinations.ts';
import { ModelSelector } from './modelSelector.ts';
import { ModelStats } from '../../http/client/modelStats.ts';
import { isOutOfMemory } from './recovery.ts';
import { promptSizeOf, type PromptSize } from '../../http/client/promptSize.ts';

/** Milliseconds for which the server's response about loaded models is used again. */
const mostAgeMs = 2000;

/** The context window of a request, in tokens. */
export interface RequestWindow {
  model: string;
  size: PromptSize;
  /** `num_ctx`. */
  numCtx: number;
  /** The real size for that `num_ctx`. */
  tokens: number;
  /** `num_predict`: the requested limit, or what the context window has left. */
  numPredict: number;
  /** Whether `numPredict` is less than requested. */
  isLimited: boolean;
}

/**
 * What a client knows about the models of its server: which one to use, where they run, and what it has
 * measured.
 */
export class ModelRegistry {
  readonly stats = new ModelStats(sameModel);
  readonly windows: ContextWindows;
  readonly list: ModelList;
  readonly destinations: PromptDestinations;
  readonly selector: ModelSelector;
  private readonly settings: OllamaSettings;
  private readonly api: Api;
  private refreshedAt = -Infinity;

  constructor(api: Api, guard: Guard, settings: OllamaSettings, ownWindows: OwnWindows) {
    this.settings = settings;
    this.api = api;
    this.windows = new ContextWindows(api.origin, settings.numCtx, ownWindows, (model) =>
      this.stats.reducedNumCtx(model),
    );
    api.onInstalled = (models) => this.windows.noteInstalled(models);
    this.list = new ModelList((signal) => api.installed(signal));
    this.destinations = new PromptDestinations({ guard, address: api.address, list: this.list });
    this.selector = new ModelSelector(api, this.list, settings.model);
  }

  /**
   * The model of a request and where its prompt is sent. If the automatically chosen model no longer exists,
   * another one is chosen.
   * @param requested the model of the request, instead of the configured one
   * @throws OllamaModelNotFoundError; OllamaApprovalError; OllamaError; the signal's reason when it aborts
   */
  async permitted(signal: AbortSignal, requested?: string): Promise<Destination> {
    try {
      return await this.destinations.permit(await this.selector.model(signal, requested), signal);
    } catch (error) {
      if (requested || !this.selector.reconsider(error)) throw error;
      return this.destinations.permit(await this.selector.model(signal), signal);
    }
  }

  /** Context size in tokens that requests for a model use now. */
  numCtxFor(model: string): number {
    return this.windows.current(model);
  }

  /**
   * Asks the server how large the model's context window can be and is now. What it does not report stays
   * unknown.
   * @throws the signal's reason when it aborts
   */
  async refresh(model: string, signal: AbortSignal): Promise<void> {
    const { api, windows } = this;
    if (remoteHostOf(model)) return;
    if (!windows.isTrainedKnown(model))
      await api.trainedLength(model, signal).then(
        (tokens) => windows.noteTrained(model, tokens),
        () => undefined,
      );
    if (performance.now() - this.refreshedAt > mostAgeMs) await this.loaded(signal).catch(() => undefined);
    signal.throwIfAborted();
  }

  /** The models that are currently loaded. */
  async loaded(signal: AbortSignal): Promise<LoadedModel[]> {
    const asked = performance.now();
    const loaded = await this.api.loaded(signal);
    this.windows.noteLoaded(loaded);
    this.refreshedAt = asked;
    return loaded;
  }

  /**
   * The context window of a request. One function for all requests, because any difference would reload the
   * model.
   * @throws OllamaContextError when no answer fits after the prompt
   */
  windowFor(model: string, request: GenerateRequest): RequestWindow {
    const { stats, windows, settings } = this;
    const size = promptSizeOf(request);
    const charsPerToken = stats.charsPerToken(model);
    const wanted = request.maxTokens ?? settings.numPredict;
    const needed = neededTokens({ size, charsPerToken, window: windows.tokensFor(model), wanted });
    const numCtx = windows.choose(model, needed);
    const tokens = windows.tokensOf(model, numCtx);
    const isCalibrated = stats.isCalibrated(model);
    const numPredict = answerLimit({ size, charsPerToken, isCalibrated, window: tokens, wanted });
    return { model, size, numCtx, tokens, numPredict, isLimited: numPredict !== wanted };
  }

  /** Learns from a failed request, so that after a refused prompt the next one fits. */
  noteFailure({ model, size, numCtx, tokens }: RequestWindow, error: unknown): void {
    if (isOutOfMemory(error)) this.windows.forgetLoaded(model);
    if (!(error instanceof OllamaContextError)) return;
    this.stats.noteRefusal(model, size.chars, error.promptTokens || tokens);
    this.windows.noteRefusal(model, numCtx, error.contextTokens);
  }
}
