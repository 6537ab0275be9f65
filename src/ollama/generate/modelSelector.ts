import type { Api } from '../api/api.ts';
import { OllamaModelNotFoundError } from '../../http/errors.ts';
import { chooseModel, sameModel } from '../api/models.ts';
import { localizable } from '../../http/message.ts';

/** Which model requests use: the one that is set, else one that is chosen once. */
export class ModelSelector {
  private readonly api: Api;
  private readonly named: string;
  private chosen: string | undefined;

  /** @param named the model of the settings; empty when the choice is ours */
  constructor(api: Api, named: string) {
    this.api = api;
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

  /** Chooses anew next time, if `error` says that the model is gone. */
  reconsider(error: unknown): void {
    if (error instanceof OllamaModelNotFoundError) this.chosen = undefined;
  }

  /** Chooses anew next time, if `model` is the one that was chosen: it has been deleted. */
  forget(model: string): void {
    if (this.chosen !== undefined && sameModel(this.chosen, model)) this.chosen = undefined;
  }

  private async choose(signal: AbortSignal): Promise<string> {
    const installed = await this.api.installed(signal);
    // Servers before 0.1.33 cannot say what is loaded.
    const loaded = await this.api.loaded(signal).catch(() => []);
    signal.throwIfAborted();
    const chosen = chooseModel(installed, loaded);
    if (chosen) return chosen;
    const message = localizable(
      'No model is installed on {0} that can answer: pull one, for instance with "ollama pull qwen2.5-coder:1.5b".',
      this.api.origin,
    );
    throw new OllamaModelNotFoundError(message, '', { kind: 'noModel' });
  }
}
