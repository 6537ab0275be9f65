import { sendHead, sendJson, type Exchange } from './exchange.ts';
import { encodeGoJson } from './goJson.ts';
import { isValidName, tagged } from './models.ts';
import { Problem } from './problems.ts';
import type { PullStep } from './types.ts';
import { decodeBody, modelShape } from './validate.ts';

/** POST /api/pull: what the test made of it, or the error of a machine without a network. */
export async function pull(exchange: Exchange): Promise<void> {
  const { request, settings } = exchange;
  const body = decodeBody(request.bodyText, modelShape('PullRequest'));
  const name = (body['model'] ?? body['name'] ?? '') as string;
  if (!isValidName(name)) throw new Problem(400, 'invalid model name');
  const steps = settings.pull === 'unreachable' ? unreachable(name) : settings.pull(name);
  const last = body['stream'] === false ? await drain(exchange, steps) : await stream(exchange, steps);
  if (last.error === undefined) install(exchange, name);
  if (body['stream'] !== false) return exchange.output.end();
  // The type has no charset here: it is set before the router's own.
  if (last.error === undefined) return sendJson(exchange, 200, { status: 'success' }, 'application/json');
  return sendJson(exchange, 500, { error: last.error }, 'application/json');
}

function* unreachable(name: string): Generator<PullStep> {
  const [path, tag] = tagged(name).split(':');
  const address = `https://registry.ollama.ai/v2/library/${path}/manifests/${tag}`;
  const reason = 'dial tcp: lookup registry.ollama.ai on 127.0.0.53:53: no such host';
  yield { status: 'pulling manifest' };
  yield { error: `pull model manifest: Get "${address}": ${reason}` };
}

type Steps = Iterable<PullStep> | AsyncIterable<PullStep>;

async function stream(exchange: Exchange, steps: Steps): Promise<PullStep> {
  const { request, gates, signal, output } = exchange;
  let last: PullStep = {};
  for await (const step of steps) {
    await gates.pass({ afterTokens: request.tokensWritten }, request, signal);
    signal.throwIfAborted();
    if (request.status === undefined)
      await sendHead(exchange, 200, { 'Content-Type': 'application/x-ndjson' });
    await output.write(`${encodeGoJson(step)}\n`);
    request.tokensWritten++;
    request.notify();
    last = step;
    if (step.error !== undefined) {
      request.enter('failed');
      break;
    }
  }
  return last;
}

async function drain(exchange: Exchange, steps: Steps): Promise<PullStep> {
  let last: PullStep = {};
  for await (const step of steps) {
    exchange.signal.throwIfAborted();
    last = step;
    if (step.error !== undefined) break;
  }
  return last;
}

function install({ settings }: Exchange, name: string): void {
  if (settings.models.some((model) => tagged(model.name) === tagged(name))) return;
  settings.models = [...settings.models, { name: tagged(name), modifiedAt: new Date().toISOString() }];
}
