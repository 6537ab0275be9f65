import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { tagged } from './models.ts';
import type { ModelSpec, PullContext, PullStep } from './types.ts';

export interface RegistryOptions {
  /** The models that can be pulled, with their descriptions. */
  models: ModelSpec[];
  /** Download speed of the layers. By default they arrive at once, but still line by line. */
  bytesPerSecond?: number;
}

/** A part of a model in the registry. */
interface Layer {
  digest: string;
  total: number;
}

/** Template, license and configuration: what a model has besides its weights, in bytes. */
const smallLayers = [1482, 68, 487];
/** Number of lines for a large layer without a speed. */
const unpacedLines = 8;
/** Milliseconds between two lines of a layer with a speed. */
const lineEveryMs = 100;
/** Verifying reads a layer this many times faster than downloading it. */
const verifyingFactor = 8;

/** The registry of the double. It remembers downloaded bytes, so that an interrupted pull continues. */
export class Registry {
  readonly #models: ModelSpec[];
  readonly #bytesPerSecond: number;
  readonly #come = new Map<string, number>();

  constructor({ models, bytesPerSecond = Infinity }: RegistryOptions) {
    this.#models = models;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** For the double's `pull`. */
  readonly pull = (name: string, context: PullContext): AsyncIterable<PullStep> => this.#pull(name, context);

  async *#pull(name: string, { signal, installed, describe }: PullContext): AsyncGenerator<PullStep> {
    yield { status: 'pulling manifest' };
    const model = this.#models.find((other) => tagged(other.name) === tagged(name));
    if (!model) return yield { error: 'pull model manifest: file does not exist' };
    const layers = layersOf(model);
    for (const layer of layers) yield* installed ? [line(layer, layer.total)] : this.#fetch(layer, signal);
    yield { status: 'verifying sha256 digest' };
    if (!installed) await this.#wait((model.sizeBytes ?? 0) / verifyingFactor, signal);
    yield { status: 'writing manifest' };
    for (const { digest } of layers) this.#come.delete(digest);
    describe(model);
    yield { status: 'success' };
  }

  async *#fetch(layer: Layer, signal: AbortSignal): AsyncGenerator<PullStep> {
    let come = this.#come.get(layer.digest) ?? 0;
    yield line(layer, come);
    while (come < layer.total) {
      const portion = Math.min(this.#portion(layer), layer.total - come);
      await this.#wait(portion, signal);
      come += portion;
      this.#come.set(layer.digest, come);
      yield line(layer, come);
    }
  }

  #portion({ total }: Layer): number {
    const portion = (this.#bytesPerSecond * lineEveryMs) / 1000;
    return Math.ceil(Number.isFinite(portion) ? portion : total / unpacedLines);
  }

  /** Waits for as long as these bytes take. Small layers arrive with the large ones. */
  async #wait(bytes: number, signal: AbortSignal): Promise<void> {
    const ms = (bytes * 1000) / this.#bytesPerSecond;
    if (ms >= 1) await sleep(ms, undefined, { signal });
  }
}

function layersOf({ name, sizeBytes = 1e9 }: ModelSpec): Layer[] {
  const weights = sizeBytes - smallLayers.reduce((sum, size) => sum + size, 0);
  return [weights, ...smallLayers].map((total, index) => ({
    digest: `sha256:${createHash('sha256')
      .update(`${tagged(name)} ${index}`)
      .digest('hex')}`,
    total,
  }));
}

/** Go omits zeros. */
function line({ digest, total }: Layer, completed: number): PullStep {
  return {
    status: `pulling ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`,
    digest,
    total,
    ...(completed === 0 ? {} : { completed }),
  };
}
