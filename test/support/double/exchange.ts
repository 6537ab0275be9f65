import type { Gates } from './gates.ts';
import { encodeJson } from './json.ts';
import { completeModel, tagged } from './models.ts';
import type { Headers, Output } from './output.ts';
import { Problem } from './problems.ts';
import type { RecordedRequest } from './record.ts';
import type { Scheduler } from './scheduler.ts';
import type { DoubleSettings, Model } from './types.ts';

/** Up to this size, Go's server sends a length; beyond it, chunks. */
const maxLengthKnown = 2048;

/** Everything that a handler needs to answer one request. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly output: Output;
  /** Aborts when the client disconnects or the double stops. */
  readonly signal: AbortSignal;
  readonly settings: DoubleSettings;
  readonly scheduler: Scheduler;
  readonly gates: Gates;
}

/** The headers of every response of llama-server. */
export const llamaServerHeaders: Headers = { Server: 'llama.cpp', 'Access-Control-Allow-Origin': '' };

export const jsonType = 'application/json; charset=utf-8';

export async function sendJson(
  exchange: Exchange,
  status: number,
  value: unknown,
  type = jsonType,
): Promise<void> {
  await sendText(exchange, status, type, encodeJson(value));
}

export async function sendText(
  exchange: Exchange,
  status: number,
  type: string,
  text: string,
): Promise<void> {
  const length = Buffer.byteLength(text);
  const isOpenAI = exchange.settings.protocol === 'openai';
  const headers: Headers = { ...(isOpenAI ? llamaServerHeaders : {}), 'Content-Type': type };
  if (length <= maxLengthKnown || isOpenAI) headers['Content-Length'] = String(length);
  await sendHead(exchange, status, headers);
  if (exchange.request.method !== 'HEAD') await exchange.output.write(text);
  await exchange.output.end();
}

/** A response without a body. */
export async function sendEmpty(exchange: Exchange, status: number, headers: Headers = {}): Promise<void> {
  await sendHead(exchange, status, { ...headers, 'Content-Length': '0' });
  await exchange.output.end();
}

/** A runner's error: JSON, but in a stream that has been set up already. */
export async function sendProblem(exchange: Exchange, problem: Problem): Promise<void> {
  if (problem.kind === 'plain') return sendJson(exchange, problem.status, problem.body);
  await sendHead(exchange, problem.status, { 'Content-Type': 'application/json' });
  await exchange.output.write(encodeJson(problem.body));
  await exchange.output.end();
}

export async function sendHead(exchange: Exchange, status: number, headers: Headers): Promise<void> {
  if (status < 400) exchange.request.enter('writing');
  await exchange.output.head(status, headers);
}

/**
 * The model with a name.
 * @throws Problem 404 when it is not installed.
 */
export function findModel(settings: DoubleSettings, name: string): Model {
  const spec = settings.models.find((model) => tagged(model.name) === tagged(name));
  if (!spec) throw new Problem(404, `model '${name}' not found`);
  return completeModel(spec);
}
