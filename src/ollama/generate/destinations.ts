import { OllamaApprovalError, OllamaModelNotFoundError, OllamaSettingsError } from '../../http/errors.ts';
import { noGuard, type Guard } from '../../http/guard.ts';
import { localizable } from '../../http/message.ts';
import type { ModelList } from '../../http/client/modelList.ts';
import { isPlainModelName, unusableName } from '../../http/client/plainName.ts';
import { remoteHostOf, sameModel } from '../modelName.ts';
import type { ModelSummary } from '../../http/client/models.ts';

/** What finding out where prompts go needs from the client. */
export interface PromptDestinationsDependencies {
  guard: Guard;
  /** The server, as the guard knows it: origin and path. */
  address: string;
  list: ModelList;
}

/** Where a prompt may go. */
export interface Destination {
  /** The model's name as the server lists it: this is what is sent, however it was written. */
  model: string;
  /** The server, and behind it the one where the model runs if it does not run there. */
  addresses: string[];
}

/**
 * Where a prompt ends up: at the server, and behind it wherever the model runs. Ollama passes prompts for some models
 * on to another server ("cloud models"); that is a decision of its own, also where Ollama itself is on this machine.
 * Only the server's own list says which model a name means, so that a name which it does not list goes nowhere.
 */
export class PromptDestinations {
  private readonly dependencies: PromptDestinationsDependencies;
  /** The server, and every other address for which a prompt was permitted. */
  readonly used = new Set<string>();

  constructor(dependencies: PromptDestinationsDependencies) {
    this.dependencies = dependencies;
    this.used.add(dependencies.address);
  }

  /**
   * Where a prompt for the model would go.
   * @throws OllamaModelNotFoundError when the server does not list it; OllamaError when it does not tell its list; the
   * signal's reason when it aborts
   */
  async of(model: string, signal: AbortSignal): Promise<Destination> {
    assertPlain(model);
    const found = named(model, await this.dependencies.list.recent(signal));
    if (!found) throw notListed(model, this.dependencies.address);
    return { model: found.name, addresses: this.addressesFor(found.hosts) };
  }

  /**
   * As `of`, and asks whether a prompt may go to all of them. A client without a guard decides nothing: it asks for no
   * list, and the name goes out as it was given.
   * @throws OllamaApprovalError naming the one that may not be contacted; what `of` throws
   */
  async permit(model: string, signal: AbortSignal): Promise<Destination> {
    assertPlain(model);
    const { guard, address } = this.dependencies;
    if (guard === noGuard) return { model, addresses: [address] };
    const destination = await this.of(model, signal);
    this.assertApproved(destination.addresses);
    for (const one of destination.addresses) this.used.add(one);
    return destination;
  }

  /**
   * As `permit`, for a request without a prompt about a model that may be loaded still although its files are gone.
   * @returns the name to send
   */
  async permitUnload(model: string, signal: AbortSignal): Promise<string> {
    assertPlain(model);
    const { guard, list } = this.dependencies;
    if (guard === noGuard) return model;
    const found = named(model, await list.recent(signal));
    this.assertApproved(this.addressesFor(found?.hosts ?? [remoteHostOf(model)]));
    return found?.name ?? model;
  }

  private addressesFor(hosts: readonly string[]): string[] {
    return [...new Set([this.dependencies.address, ...hosts.filter(Boolean)])];
  }

  private assertApproved(addresses: readonly string[]): void {
    const forbidden = addresses.find((one) => !this.dependencies.guard.mayContact(one));
    if (forbidden !== undefined) throw new OllamaApprovalError(forbidden);
  }
}

/** The listed model of a name. Where several differ by case alone, the prompt may reach any of their hosts. */
function named(
  model: string,
  models: readonly ModelSummary[],
): { name: string; hosts: string[] } | undefined {
  const all = models.filter(({ name }) => isPlainModelName(name) && sameModel(name, model));
  const best = all.find(({ name }) => name === model) ?? all[0];
  return best && { name: best.name, hosts: all.map(({ remoteHost }) => remoteHost) };
}

function assertPlain(model: string): void {
  if (!isPlainModelName(model)) throw new OllamaSettingsError('model', unusableName);
}

function notListed(model: string, address: string): OllamaModelNotFoundError {
  const message = localizable(
    'The model "{0}" is not installed on {1}: pull it ("ollama pull {0}"), or choose another one.',
    model,
    address,
  );
  return new OllamaModelNotFoundError(message, model);
}
