import type { Api } from '../api/api.ts';
import type { ModelList } from '../../http/client/modelList.ts';
import { OllamaModelNotFoundError } from '../../http/errors.ts';
import { sameModel } from '../modelName.ts';
import type { ModelSummary } from '../../http/client/models.ts';
import { chatCandidates } from '../api/models.ts';
import { hasChatTemplate, isSurelyForChat } from '../api/modelUse.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';

/** Most models that are asked about before one is chosen. */
const mostCandidates = 8;
/** Most models that a message names. */
const mostNamed = 5;

/** Which model requests use: the one that is set, else one that is chosen once. */
export class ModelSelector {
  private readonly api: Api;
  private readonly list: ModelList;
  private readonly named: string;
  private chosen: string | undefined;

  /** @param named the model of the settings; empty when the choice is ours */
  constructor(api: Api, list: ModelList, named: string) {
    this.api = api;
    this.list = list;
    this.named = named;
  }

  /**
   * @param requested the model that a request names; else the one of the settings
   * @throws OllamaModelNotFoundError (kind `noModel`) when none can answer; OllamaError; the signal's reason
   */
  async model(signal: AbortSignal, requested = this.named): Promise<string> {
    if (requested) return requested;
    this.chosen ??= await this.choose(signal);
    return this.chosen;
  }

  /**
   * Chooses again next time, if `error` says that the model is gone.
   * @returns whether another one may be chosen
   */
  reconsider(error: unknown): boolean {
    if (!(error instanceof OllamaModelNotFoundError)) return false;
    const wasChosen = this.chosen !== undefined;
    this.chosen = undefined;
    this.list.forget();
    return wasChosen;
  }

  /** Chooses anew next time, if `model` is the one that was chosen: it has been deleted. */
  forget(model: string): void {
    if (this.chosen !== undefined && sameModel(this.chosen, model)) this.chosen = undefined;
  }

  private async choose(signal: AbortSignal): Promise<string> {
    const installed = await this.list.recent(signal);
    // Servers before 0.1.33 cannot say what is loaded.
    const loaded = await this.api.loaded(signal).catch(() => []);
    signal.throwIfAborted();
    for (const candidate of chatCandidates(installed, loaded).slice(0, mostCandidates))
      if (await this.isForChat(candidate, signal)) return candidate.name;
    throw new OllamaModelNotFoundError(noneMessage(this.api.origin, installed), '', { kind: 'noModel' });
  }

  /** Its template shows what its name may hide; where the server does not tell it, the name has to do. */
  private async isForChat(model: ModelSummary, signal: AbortSignal): Promise<boolean> {
    if (isSurelyForChat(model)) return true;
    const shown = await this.api.show(model.name, signal).catch(() => undefined);
    signal.throwIfAborted();
    return hasChatTemplate(shown) ?? true;
  }
}

/** Says what there is instead, so that the user sees why it is not used. */
function noneMessage(origin: string, installed: readonly ModelSummary[]): LocalizableMessage {
  if (installed.length === 0)
    return localizable(
      'No model is installed on {0} that can answer: pull one, for instance with "ollama pull qwen2.5-coder:1.5b".',
      origin,
    );
  const names = installed.slice(0, mostNamed).map(({ name }) => name);
  return localizable(
    'None of the models on {0} is chosen by itself, because they only complete text, make embeddings or run elsewhere ({1}): pull one that answers, for instance with "ollama pull qwen2.5-coder:1.5b", or select one.',
    origin,
    names.join(', ') + (installed.length > mostNamed ? ', …' : ''),
  );
}
