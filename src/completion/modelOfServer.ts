import type { Configuration } from '../config/configuration.ts';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { Monitor } from '../status/monitor.ts';
import { can, type ServerFacts } from '../status/status.ts';
import { isLoopback, type LoadedModel } from '../ollama/index.ts';
import { machineMemory } from '../diagnosis/index.ts';
import { chooseInfillModel, type InfillChoice } from './infillModel.ts';
import { evictEachOther, type ModelPair } from './modelPair.ts';
import { NoSuggestionError } from './outcome.ts';
import { proposalFor, type InfillProposal } from './proposal.ts';

/**
 * Chooses the model for suggestions from the known facts about the server. Asks the server only when there
 * are none.
 */
export class ModelOfServer {
  private readonly configuration: Configuration;
  private readonly clients: ClientProvider;
  private readonly monitor: Monitor;
  /** By name, as last reported while they were loaded. */
  private readonly seen = new Map<string, LoadedModel>();
  private known: { key: string; choice: Promise<InfillChoice> } | undefined;

  constructor(configuration: Configuration, clients: ClientProvider, monitor: Monitor) {
    this.configuration = configuration;
    this.clients = clients;
    this.monitor = monitor;
  }

  /** @throws NoSuggestionError; the signal's reason */
  async choose(signal: AbortSignal): Promise<InfillChoice> {
    if (this.monitor.facts.online === undefined) await this.monitor.probe();
    signal.throwIfAborted();
    const { facts } = this.monitor;
    if (facts.problem?.kind === 'notApproved') throw new NoSuggestionError('notApproved', facts.origin);
    if (!facts.online) throw new NoSuggestionError('offline');
    for (const model of facts.allLoaded ?? []) this.seen.set(model.name, model);
    const key = this.keyOf(facts);
    if (this.known?.key !== key) this.known = { key, choice: this.chooseNow(facts) };
    const { choice } = this.known;
    return choice;
  }

  /** The chosen model and the one for questions, if both do not fit into memory; else undefined. */
  async crowdedPair(): Promise<ModelPair | undefined> {
    const { installed, model: questions } = this.monitor.facts;
    const chosen = await this.known?.choice.catch(() => undefined);
    if (!chosen || questions === undefined) return undefined;
    const pair = { suggestions: chosen.name, questions };
    const loaded = await this.clients.current.loadedModels().catch(() => []);
    const seen = [...this.seen.values()];
    const facts = { installed, loaded, seen, memoryBytes: this.memoryBytes };
    return evictEachOther(pair, facts) ? pair : undefined;
  }

  /** The model to offer when none can infill; undefined for a server that does not pull models. */
  get proposal(): InfillProposal | undefined {
    return can(this.monitor.facts, 'pull') ? proposalFor(this.memoryBytes) : undefined;
  }

  /** Memory of the server's machine, if that is this machine. */
  private get memoryBytes(): number | undefined {
    return isLoopback(new URL(this.clients.current.origin).hostname) ? machineMemory() : undefined;
  }

  private chooseNow({ installed, model }: ServerFacts): Promise<InfillChoice> {
    const { current } = this.clients;
    return chooseInfillModel({
      wanted: this.configuration.current.completion.model,
      inUse: model,
      installed,
      acceptsName: (name) => current.acceptsName(name),
      hasInfill: current.capabilities.infill,
      memoryBytes: this.memoryBytes,
      modelInfo: (name) => current.modelInfo(name).catch(() => undefined),
    });
  }

  private keyOf({ origin, installed, model }: ServerFacts): string {
    const { completion } = this.configuration.current;
    return JSON.stringify([
      origin,
      completion.model,
      model,
      this.clients.current.capabilities.infill,
      installed.map(({ name, digest }) => [name, digest]),
    ]);
  }
}
