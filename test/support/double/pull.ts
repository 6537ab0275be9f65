import { sendHead, sendJson, type Exchange } from './exchange.ts';
import { encodeJson } from './json.ts';
import { isValidName, tagged } from './models.ts';
import { Problem } from './problems.ts';
import type { DoubleSettings, ModelSpec, PullStep } from './types.ts';
import { decodeBody } from './refusals.ts';

type PullHook = Exclude<DoubleSettings['pull'], string>;

/** POST /api/pull: the steps given by the test, or the error of a machine without a network. */
export async function pull(exchange: Exchange): Promise<void> {
  const { request, output } = exchange;
  const body = decodeBody(request.bodyText);
  const name = (body['model'] ?? body['name'] ?? '') as string;
  if (!isValidName(name)) throw new Problem(400, 'invalid model name');
  const model = new Arrival(exchange.settings, name);
  const steps = stepsOf(exchange, model);
  if (body['stream'] === false) return sendLast(exchange, await last(steps, model));
  for await (const step of steps) {
    if (step.status === 'success') model.install();
    await write(exchange, step);
    model.note(step);
    if (step.error !== undefined) {
      request.enter('failed');
      return output.end();
    }
  }
  model.install();
  await output.end();
}

/** The model that a pull installs, from its description or from its name and layers. */
class Arrival {
  readonly name: string;
  readonly #settings: DoubleSettings;
  readonly #totals = new Map<string, number>();
  #spec: Partial<ModelSpec> = {};

  constructor(settings: DoubleSettings, name: string) {
    this.#settings = settings;
    this.name = tagged(name);
  }

  get installed(): boolean {
    return this.#settings.models.some((model) => tagged(model.name) === this.name);
  }

  readonly describe = (spec: Partial<ModelSpec>): void => void (this.#spec = spec);

  note({ digest, total }: PullStep): void {
    if (digest !== undefined && total !== undefined) this.#totals.set(digest, total);
  }

  install(): void {
    if (this.installed) return;
    const model = {
      ...this.#guessed(),
      ...this.#spec,
      name: this.name,
      modifiedAt: new Date().toISOString(),
    };
    this.#settings.models = [...this.#settings.models, model];
  }

  #guessed(): Partial<ModelSpec> {
    const sizeBytes = [...this.#totals.values()].reduce((sum, total) => sum + total, 0);
    const parameters = /:(\d+(?:\.\d+)?)b\b/.exec(this.name)?.[1];
    return {
      ...(sizeBytes > 0 ? { sizeBytes } : {}),
      ...(parameters === undefined ? {} : { parameterSize: `${parameters}B` }),
    };
  }
}

function stepsOf({ settings, signal }: Exchange, model: Arrival): ReturnType<PullHook> {
  if (settings.pull === 'unreachable') return unreachable(model.name);
  const { installed, describe } = model;
  return settings.pull(model.name, { signal, installed, describe });
}

function* unreachable(name: string): Generator<PullStep> {
  const [path, tag] = tagged(name).split(':');
  const address = `https://registry.ollama.ai/v2/library/${path}/manifests/${tag}`;
  const reason = 'dial tcp: lookup registry.ollama.ai on 127.0.0.53:53: no such host';
  yield { status: 'pulling manifest' };
  yield { error: `pull model manifest: Get "${address}": ${reason}` };
}

async function write(exchange: Exchange, step: PullStep): Promise<void> {
  const { request, gates, signal, output } = exchange;
  await gates.pass({ afterTokens: request.tokensWritten }, request, signal);
  signal.throwIfAborted();
  if (request.status === undefined) await sendHead(exchange, 200, { 'Content-Type': 'application/x-ndjson' });
  await output.write(`${encodeJson(step)}\n`);
  request.tokensWritten++;
  request.notify();
}

/** The last step, which is the whole response when it is not streamed. */
async function last(steps: ReturnType<PullHook>, model: Arrival): Promise<PullStep> {
  for await (const step of steps) {
    model.note(step);
    if (step.error !== undefined) return step;
  }
  model.install();
  return { status: 'success' };
}

/** The type has no charset here, so it is set before the router's own. */
function sendLast(exchange: Exchange, { status, error }: PullStep): Promise<void> {
  return error === undefined
    ? sendJson(exchange, 200, { status }, 'application/json')
    : sendJson(exchange, 500, { error }, 'application/json');
}
