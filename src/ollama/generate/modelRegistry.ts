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

/** Milliseconds for which it is believed what the server said of its loaded models. */
const mostAgeMs = 2000;

/** What a request is sent with, in tokens. */
export interface RequestWindow {
  model: string;
  size: PromptSize;
  /** `num_ctx`. */
  numCtx: number;
  /** What that really is. */
  tokens: number;
  /** `num_predict`: what is wanted, or less where the window has less left. */
  numPredict: number;
  /** Whether it is less. */
  isLimited: boolean;
}

/** What a client knows of the models of its server: which to use, where they run, and what was learned of them. */
export class ModelRegistry {
  readonly stats = new ModelStats(sameModel);
  readonly windows: ContextWindows;
  readonly list: ModelList;
  readonly destinations: PromptDestinations;
  readonly selector: ModelSelector;
  private readonly settings: OllamaSettings;
  private readonly api: Api;
  private lookedAt = -Infinity;

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
   * The model of a request and where its prompt goes. A model that was chosen by itself and is gone is no reason to
   * fail: another one is chosen.
   * @param requested the model that a request names; else the one of the settings
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
   * Asks the server how large the model's window can be and is now; what it does not tell stays unknown.
   * @throws the signal's reason when it aborts
   */
  async look(model: string, signal: AbortSignal): Promise<void> {
    const { api, windows } = this;
    if (remoteHostOf(model)) return;
    if (!windows.isTrainedKnown(model))
      await api.describe(model, signal).then(
        ({ contextLength }) => windows.noteTrained(model, contextLength),
        () => undefined,
      );
    if (performance.now() - this.lookedAt > mostAgeMs) await this.loaded(signal).catch(() => undefined);
    signal.throwIfAborted();
  }

  /** The models that are loaded now. */
  async loaded(signal: AbortSignal): Promise<LoadedModel[]> {
    const asked = performance.now();
    const loaded = await this.api.loaded(signal);
    this.windows.noteLoaded(loaded);
    this.lookedAt = asked;
    return loaded;
  }

  /**
   * The window that a request is sent with: one function for all, because a difference makes the server load again.
   * @throws OllamaContextError when no answer fits behind the prompt
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

  /** Learns from a failed request: after the refusal of a prompt, the next one is made to fit. */
  noteFailure({ model, size, numCtx, tokens }: RequestWindow, error: unknown): void {
    if (isOutOfMemory(error)) this.windows.forgetLoaded(model);
    if (!(error instanceof OllamaContextError)) return;
    this.stats.noteRefusal(model, size.chars, error.promptTokens || tokens);
    this.windows.noteRefusal(model, numCtx, error.contextTokens);
  }
}
