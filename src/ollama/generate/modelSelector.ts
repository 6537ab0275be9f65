import type { Api } from '../api/api.ts';
import type { ModelList } from '../../http/client/modelList.ts';
import { OllamaModelNotFoundError } from '../../http/errors.ts';
import { sameModel } from '../modelName.ts';
import type { ModelSummary } from '../../http/client/models.ts';
import { chatCandidates } from '../api/models.ts';
import { isSurelyForChat, unfitnessOf } from '../../http/client/modelUse.ts';
import { isPlainModelName } from '../../http/client/plainName.ts';
import { hasChatTemplate } from '../api/chatTemplate.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';

/** Most models whose details are requested before one is chosen. */
const mostCandidates = 8;
/** Most models named in one message. */
const mostNamed = 5;

/** Decides which model requests use: the configured one, else one that is chosen once. */
export class ModelSelector {
  private readonly api: Api;
  private readonly list: ModelList;
  private readonly named: string;
  private chosen: string | undefined;
  /** Whether a model's template is for conversations, by digest. */
  private readonly templates = new Map<string, boolean>();

  /** @param named the configured model; empty for an automatic choice */
  constructor(api: Api, list: ModelList, named: string) {
    this.api = api;
    this.list = list;
    this.named = named;
  }

  /**
   * @param requested the model of the request, instead of the configured one
   * @throws OllamaModelNotFoundError (kind `noModel`) when none can answer; OllamaError; the signal's reason
   */
  async model(signal: AbortSignal, requested = this.named): Promise<string> {
    if (requested) return requested;
    this.chosen ??= await this.choose(signal);
    return this.chosen;
  }

  /**
   * Drops the chosen model if `error` says that it no longer exists.
   * @returns whether another one may be chosen
   */
  reconsider(error: unknown): boolean {
    if (!(error instanceof OllamaModelNotFoundError)) return false;
    const wasChosen = this.chosen !== undefined;
    this.chosen = undefined;
    this.list.forget();
    return wasChosen;
  }

  /** Drops the chosen model if it is `model`, which has been deleted. */
  forget(model: string): void {
    if (this.chosen !== undefined && sameModel(this.chosen, model)) this.chosen = undefined;
  }

  /**
   * The models of a list that can answer questions.
   * @throws the signal's reason when it aborts
   */
  async answering(models: readonly ModelSummary[], signal: AbortSignal): Promise<ModelSummary[]> {
    const found: ModelSummary[] = [];
    for (const model of models) {
      const mayAnswer = unfitnessOf(model) === undefined && isPlainModelName(model.name);
      if (mayAnswer && (await this.isForChat(model, signal))) found.push(model);
    }
    return found;
  }

  private async choose(signal: AbortSignal): Promise<string> {
    const installed = await this.list.recent(signal);
    // The loaded models only influence the order.
    const loaded = await this.api.loaded(signal).catch(() => []);
    signal.throwIfAborted();
    for (const candidate of chatCandidates(installed, loaded).slice(0, mostCandidates))
      if (await this.isForChat(candidate, signal)) return candidate.name;
    throw new OllamaModelNotFoundError(noneMessage(this.api.origin, installed), '', { kind: 'noModel' });
  }

  /** A template shows what a name does not. Without one, the name must do. */
  private async isForChat(model: ModelSummary, signal: AbortSignal): Promise<boolean> {
    // The server would have to request this from the server that runs the model.
    if (isSurelyForChat(model) || model.remoteHost) return true;
    const known = this.templates.get(model.digest);
    if (known !== undefined) return known;
    const shown = await this.api.show(model.name, signal).catch(() => undefined);
    signal.throwIfAborted();
    const isForChat = hasChatTemplate(shown) ?? true;
    if (shown !== undefined && model.digest) this.templates.set(model.digest, isForChat);
    return isForChat;
  }
}

/** Names the installed models, so that the user sees why none is used. */
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
