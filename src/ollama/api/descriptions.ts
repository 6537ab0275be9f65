import { OllamaError } from '../../http/errors.ts';
import type { ModelSummary } from '../../http/client/models.ts';
import { Semaphore } from '../../http/semaphore.ts';
import { isFields } from '../../http/json.ts';

/** What `/api/show` says of a model beyond the list of older servers. */
export interface ModelDescription {
  /** 0 when the server does not report it. */
  contextLength: number;
  capabilities: string[];
}

const nothing: ModelDescription = { contextLength: 0, capabilities: [] };

/**
 * Reads the answer of `/api/show`. The name of the context length field starts with the model's architecture.
 */
export function readDescription(answer: unknown): ModelDescription {
  const { model_info: info, capabilities } = isFields(answer) ? answer : {};
  const facts = isFields(info) ? info : {};
  const length = facts[`${String(facts['general.architecture'])}.context_length`];
  return {
    contextLength: typeof length === 'number' && length > 0 ? length : 0,
    capabilities: Array.isArray(capabilities) ? capabilities.filter((c) => typeof c === 'string') : [],
  };
}

/** Fills the gaps in the lists of servers before 0.12.6, asking about each model at most once. */
export class ModelDetailsCache {
  private readonly describe: (model: string, signal: AbortSignal) => Promise<ModelDescription>;
  private readonly known = new Map<string, ModelDescription>();
  /** A second list waits for the details that the first one fetches. */
  private readonly turn = new Semaphore(1);

  /** @param describe fetches the details of one model */
  constructor(describe: (model: string, signal: AbortSignal) => Promise<ModelDescription>) {
    this.describe = describe;
  }

  /**
   * Returns the same models with the details that could be fetched.
   * @throws the signal's reason when it aborts
   */
  async complete(models: ModelSummary[], signal: AbortSignal): Promise<ModelSummary[]> {
    const release = await this.turn.acquire(signal);
    try {
      const unknown = new Map(
        models.filter((model) => this.lacks(model)).map((one) => [keyOf(one), one.name]),
      );
      await Promise.all([...unknown].map(([key, name]) => this.learn(key, name, signal)));
      signal.throwIfAborted();
    } finally {
      release();
    }
    return models.map((model) => this.filled(model));
  }

  /** For a model that runs on another server, this one would have to ask that server. */
  private lacks(model: ModelSummary): boolean {
    return hasGaps(model) && !model.remoteHost && !this.known.has(keyOf(model));
  }

  private async learn(key: string, name: string, signal: AbortSignal): Promise<void> {
    try {
      this.known.set(key, await this.describe(name, signal));
    } catch (error) {
      // A refusal would be repeated, so it is remembered. A lost connection says nothing about the model.
      if (error instanceof OllamaError && error.status !== undefined) this.known.set(key, nothing);
    }
  }

  private filled(model: ModelSummary): ModelSummary {
    const { contextLength, capabilities } = this.known.get(keyOf(model)) ?? nothing;
    return {
      ...model,
      contextLength: model.contextLength || contextLength,
      capabilities: model.capabilities.length > 0 ? model.capabilities : capabilities,
    };
  }
}

function hasGaps({ contextLength, capabilities }: ModelSummary): boolean {
  return contextLength === 0 || capabilities.length === 0;
}

/** Two names of the same files are one model; the oldest servers tell no digest. */
function keyOf({ digest, name }: ModelSummary): string {
  return digest || name;
}
