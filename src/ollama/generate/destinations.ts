import { OllamaApprovalError, OllamaModelNotFoundError } from '../../http/errors.ts';
import { noGuard, type Guard } from '../../http/guard.ts';
import { localizable } from '../../http/message.ts';
import type { ModelList } from '../../http/client/modelList.ts';
import { assertPlain, isPlainModelName } from '../../http/client/plainName.ts';
import { remoteHostOf, sameModel } from '../modelName.ts';
import type { ModelSummary } from '../../http/client/models.ts';

/** What `PromptDestinations` needs from the client. */
export interface PromptDestinationsDependencies {
  guard: Guard;
  /** Origin and path of the server, as the guard knows it. */
  address: string;
  list: ModelList;
}

/** Where a prompt may be sent. */
export interface Destination {
  /** The model's name in the server's list. This name is sent, not the user's spelling. */
  model: string;
  /** The server, and the server that runs the model if that is another one. */
  addresses: string[];
}

/**
 * Finds out where a prompt ends up: at the server, or at another server behind it. Ollama forwards prompts
 * for some models to another server ("cloud models"), even when Ollama runs on this machine, so these need
 * their own approval. Only the server's list says which model a name means, so nothing is sent for a name
 * that is not in the list.
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
   * Where a prompt for the model would be sent.
   * @throws OllamaModelNotFoundError when the server does not list it; OllamaError when the list cannot be
   * read; the signal's reason when it aborts
   */
  async of(model: string, signal: AbortSignal): Promise<Destination> {
    assertPlain(model);
    const found = named(model, await this.dependencies.list.recent(signal));
    if (!found) throw notListed(model, this.dependencies.address);
    return { model: found.name, addresses: this.addressesFor(found.hosts) };
  }

  /**
   * Like `of`, and checks that a prompt may be sent to all addresses. Without a guard, requests no list and
   * returns the name as given.
   * @throws OllamaApprovalError naming the address that may not be contacted; what `of` throws
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
   * Like `permit`, for requests without a prompt. The model may still be loaded although its files are
   * deleted.
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

/** The listed model with a name. If several differ only by case, the prompt may reach any of their hosts. */
function named(
  model: string,
  models: readonly ModelSummary[],
): { name: string; hosts: string[] } | undefined {
  const all = models.filter(({ name }) => isPlainModelName(name) && sameModel(name, model));
  const best = all.find(({ name }) => name === model) ?? all[0];
  return best && { name: best.name, hosts: all.map(({ remoteHost }) => remoteHost) };
}

function notListed(model: string, address: string): OllamaModelNotFoundError {
  const message = localizable(
    'The model "{0}" is not installed on {1}: pull it ("ollama pull {0}"), or choose another one.',
    model,
    address,
  );
  return new OllamaModelNotFoundError(message, model);
}
