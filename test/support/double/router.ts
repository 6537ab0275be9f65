import { hostname } from 'node:os';
import { findModel, sendEmpty, sendHead, sendJson, sendText, type Exchange } from './exchange.ts';
import { generate } from './generate.ts';
import { completeModel, details, goDate, showAnswer, tagged, tagsEntry } from './models.ts';
import { routeOpenAI } from './openai/router.ts';
import { Problem } from './problems.ts';
import { pull } from './pull.ts';
import { loadRecordings, type Recording } from './recordings.ts';
import { tokenId } from './tokens.ts';
import type { DoubleSettings } from './types.ts';
import { recordedAnswer } from './wireClient.ts';
import { decodeBody, recordedProblem } from './refusals.ts';

type Handler = (exchange: Exchange) => Promise<void>;

const root: Handler = (exchange) => sendText(exchange, 200, 'text/plain; charset=utf-8', 'Ollama is running');
const version: Handler = (exchange) => sendJson(exchange, 200, { version: exchange.settings.version });

/** In the server's order of registration, because `Allow` lists them in this order. */
const routes: Record<string, Record<string, Handler>> = {
  '/': { HEAD: root, GET: root },
  '/api/version': { HEAD: version, GET: version },
  '/api/tags': { HEAD: tags, GET: tags },
  '/api/ps': { GET: ps },
  '/api/show': { POST: show },
  '/api/pull': { POST: pull },
  '/api/delete': { DELETE: remove },
  '/api/generate': { POST: (exchange) => generate(exchange, 'generate') },
  '/api/chat': { POST: (exchange) => generate(exchange, 'chat') },
  '/api/embed': { POST: embed },
  '/v1/models': { GET: recorded('v1-models') },
  '/v1/chat/completions': { POST: openAiChat },
  '/api/status': { GET: recorded('status') },
  '/api/me': { POST: recorded('me-signed-out-offline') },
  '/api/experimental/model-recommendations': { GET: recorded('model-recommendations') },
};

/** Whether a model answers the path, so that it has its own gates. */
function isGeneration(path: string): boolean {
  return path === '/api/generate' || path === '/api/chat' || path === '/api/pull';
}

/**
 * Answers one request.
 * @throws Problem
 */
export async function route(exchange: Exchange): Promise<void> {
  if (exchange.settings.protocol === 'openai') return routeOpenAI(exchange, pathOf(exchange));
  const { request, gates, signal } = exchange;
  const path = pathOf(exchange);
  if (isForeign(request.headers.host, request.headers.origin)) return sendEmpty(exchange, 403);
  if (request.method === 'OPTIONS') return sendEmpty(exchange, 204);
  const methods = routes[path];
  if (!methods) return sendText(exchange, 404, 'text/plain', '404 page not found');
  const handler = methods[request.method];
  if (!handler) return notAllowed(exchange, Object.keys(methods));
  if (!isGeneration(path)) await gates.pass('answer', request, signal);
  await handler(exchange);
}

/** The path without prefix and query. A path outside the prefix does not exist. */
function pathOf({ request, settings: { pathPrefix } }: Exchange): string {
  const path = request.path.split('?')[0]!;
  return path.startsWith(pathPrefix) ? path.slice(pathPrefix.length) || '/' : '';
}

async function notAllowed(exchange: Exchange, methods: string[]): Promise<void> {
  const text = '405 method not allowed';
  const headers = {
    Allow: methods.join(', '),
    'Content-Type': 'text/plain',
    'Content-Length': String(text.length),
  };
  await exchange.output.head(405, headers);
  if (exchange.request.method !== 'HEAD') await exchange.output.write(text);
  await exchange.output.end();
}

/** A server bound to loopback refuses requests with another host name or from another page. */
function isForeign(host: string | undefined, origin: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (!isOwnHost(name)) return true;
  if (origin === undefined || origin === `http://${host}`) return false;
  if (/^(app|file|tauri|vscode-webview|vscode-file):\/\//.test(origin)) return false;
  return !/^https?:\/\/(localhost|127\.0\.0\.1|0\.0\.0\.0)(:\d+)?$/.test(origin);
}

function isOwnHost(name: string): boolean {
  if (
    name === '' ||
    name === '::1' ||
    name === '::' ||
    name === 'localhost' ||
    name === hostname().toLowerCase()
  )
    return true;
  if (/\.(localhost|local|internal)$/.test(name)) return true;
  return /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$|^0\.0\.0\.0$/.test(name);
}

async function tags(exchange: Exchange): Promise<void> {
  const models = exchange.settings.models
    .map(completeModel)
    .toSorted((one, other) =>
      one.modifiedAt < other.modifiedAt ? 1 : one.modifiedAt > other.modifiedAt ? -1 : 0,
    )
    .map((model) => tagsEntry(model));
  await sendJson(exchange, 200, { models });
}

async function ps(exchange: Exchange): Promise<void> {
  const here = exchange.scheduler.loaded().filter(({ model }) => model.remoteHost === undefined);
  const models = here.map((runner) => ({
    name: runner.model.name,
    model: runner.model.name,
    size: runner.sizeBytes,
    digest: runner.model.digest,
    details: details(runner.model),
    expires_at: goDate(runner.expiresAt),
    size_vram: Math.round(runner.sizeBytes * exchange.settings.gpuShare),
    context_length: runner.numCtx,
  }));
  await sendJson(exchange, 200, { models });
}

/** The model named in the body. */
function named(exchange: Exchange): string {
  const body = decodeBody(exchange.request.bodyText);
  return (body['model'] ?? body['name'] ?? '') as string;
}

async function show(exchange: Exchange): Promise<void> {
  const name = named(exchange);
  if (name === '') throw new Problem(400, 'model is required');
  const known = exchange.settings.models.some((model) => tagged(model.name) === tagged(name));
  if (!known) throw new Problem(404, `model '${tagged(name)}' not found`);
  await sendJson(exchange, 200, showAnswer(findModel(exchange.settings, name)));
}

async function remove(exchange: Exchange): Promise<void> {
  const { settings, scheduler } = exchange;
  const model = findModel(settings, named(exchange));
  settings.models = without(settings, model.name);
  scheduler.expire(model.name);
  await sendEmpty(exchange, 200);
}

function without(settings: DoubleSettings, name: string): DoubleSettings['models'] {
  return settings.models.filter((model) => tagged(model.name) !== name);
}

/** A small vector for each text, equal for equal texts. */
async function embed(exchange: Exchange): Promise<void> {
  const body = decodeBody(exchange.request.bodyText);
  const name = named(exchange);
  const model = exchange.settings.models.find((one) => tagged(one.name) === tagged(name));
  if (!model) throw new Problem(404, `model ${JSON.stringify(name)} not found, try pulling it first`);
  if (!model.capabilities?.includes('embedding')) throw recordedProblem('embed-unsupported');
  const texts = [body['input']].flat().map(String);
  await sendJson(exchange, 200, {
    model: name,
    embeddings: texts.map((text) =>
      Array.from({ length: 256 }, (_, index) => (tokenId(text + index) % 1000) / 1000),
    ),
    total_duration: 1_000_000,
    load_duration: 1000,
    prompt_eval_count: texts.length,
  });
}

/** The recorded stream, event by event. It only serves to be recognized. */
async function openAiChat(exchange: Exchange): Promise<void> {
  const name = named(exchange);
  const known = exchange.settings.models.some((model) => tagged(model.name) === tagged(name));
  if (!known) return recorded('v1-error-unknown-model')(exchange);
  const { status, chunks = [] } = recordedAnswer(recordingOf('v1-chat-stream'));
  await sendHead(exchange, status, { 'Content-Type': 'text/event-stream' });
  for (const chunk of chunks) await exchange.output.write(chunk);
  await exchange.output.end();
}

function recordingOf(name: string): Recording {
  return loadRecordings().find((one) => one.name === name)!;
}

/** The recorded response itself, for what is equal on every server of that version. */
function recorded(name: string): Handler {
  return async (exchange) => {
    const { status, body, headers } = recordedAnswer(recordingOf(name));
    const type = headers.find(([header]) => header === 'Content-Type')?.[1] ?? 'application/json';
    await sendText(exchange, status, type, body);
  };
}
