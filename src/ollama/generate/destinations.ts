import { OllamaApprovalError } from '../../http/errors.ts';
import { noGuard, type Guard } from '../../http/guard.ts';
import type { Api } from '../api/api.ts';
import { remoteHostOf, sameModel, type ModelSummary } from '../api/models.ts';

/**
 * Where a prompt ends up: at the server, and behind it wherever the model runs. Ollama passes prompts for some models
 * on to another server ("cloud models"); that is a decision of its own, also where Ollama itself is on this machine.
 */
export class PromptDestinations {
  private readonly api: Api;
  private readonly guard: Guard;
  private models: readonly ModelSummary[] = [];
  /** The server, and every other origin for which a prompt was permitted. */
  readonly used = new Set<string>();

  constructor(api: Api, guard: Guard) {
    this.api = api;
    this.guard = guard;
    this.used.add(api.origin);
  }

  /** What a list of models says of where they run. */
  note(models: readonly ModelSummary[]): void {
    this.models = models;
  }

  /**
   * The origins that a prompt for the model goes to, the server first.
   * @throws OllamaError when the server does not say; the signal's reason when it aborts
   */
  async of(model: string, signal: AbortSignal): Promise<string[]> {
    const host = remoteHostOf(model) || (await this.hostOf(model, signal));
    return host ? [this.api.origin, host] : [this.api.origin];
  }

  /**
   * Asks whether a prompt for the model may go to all of them. Where nobody decides, nothing is looked up.
   * @returns the origins
   * @throws OllamaApprovalError naming the one that may not be contacted; what `of` throws
   */
  async permit(model: string, signal: AbortSignal): Promise<string[]> {
    const { guard } = this;
    if (guard === noGuard) return [this.api.origin];
    const origins = await this.of(model, signal);
    const forbidden = origins.find((one) => !guard.mayContact(one));
    if (forbidden !== undefined) throw new OllamaApprovalError(forbidden);
    for (const origin of origins) this.used.add(origin);
    return origins;
  }

  private async hostOf(model: string, signal: AbortSignal): Promise<string> {
    const known = this.find(model) ?? (await this.look(model, signal));
    return known?.remoteHost ?? '';
  }

  private async look(model: string, signal: AbortSignal): Promise<ModelSummary | undefined> {
    this.note(await this.api.installed(signal));
    return this.find(model);
  }

  private find(model: string): ModelSummary | undefined {
    return this.models.find(({ name }) => sameModel(name, model));
  }
}
