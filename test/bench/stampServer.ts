/**
 * A fake Ollama in its own process for the rows measured in the extension host. A model's tag is its number
 * of tokens: `paced:1000` writes 200 per second, each one the time at which it is written
 * (`process.hrtime.bigint()`, one clock for all processes of a machine); `fast:100000` writes as fast as the
 * client reads.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { task, tokensPerSecond } from './hostTask.ts';
import { listenOnLoopback } from './processes.ts';

/** Lines that the fast models send repeatedly in one write. */
const packedLines = 500;
const packed = Array.from({ length: packedLines }, (_, index) =>
  line(index % 12 ? ` word${index}` : '\n'),
).join('');

function line(response: string): string {
  return `${JSON.stringify({ model: 'bench', created_at: '2026-11-22T11:27:25.340269Z', response, done: false })}\n`;
}

function lastLine(tokens: number): string {
  const counts = {
    prompt_eval_count: 100,
    prompt_eval_duration: 1e8,
    eval_count: tokens,
    eval_duration: 1e9,
  };
  const times = { total_duration: 1.1e9, load_duration: 1e6 };
  return `${JSON.stringify({ model: 'bench', response: '', done: true, done_reason: 'stop', ...times, ...counts })}\n`;
}

async function generate(response: ServerResponse, model: string): Promise<void> {
  const [kind, tag] = model.split(':');
  const tokens = Number(tag);
  response.setHeader('content-type', 'application/x-ndjson');
  if (kind === 'paced') await paced(response, tokens);
  else await fast(response, tokens);
  response.end(lastLine(tokens));
}

/** Compensates for late timers, so that the rate is kept. */
async function paced(response: ServerResponse, tokens: number): Promise<void> {
  const started = performance.now();
  for (let sent = 0; sent < tokens; sent++) {
    const early = started + (sent * 1000) / tokensPerSecond - performance.now();
    if (early > 0) await delay(early);
    response.write(line(` @${process.hrtime.bigint()}`));
  }
}

async function fast(response: ServerResponse, tokens: number): Promise<void> {
  for (let sent = 0; sent < tokens; sent += packedLines)
    if (!response.write(packed)) await once(response, 'drain');
}

const { pacedTokens, fastTokens, warmUp } = task;
const names = [
  ...[pacedTokens, warmUp.pacedTokens].map((count) => `paced:${count}`),
  ...[fastTokens, warmUp.fastTokens].map((count) => `fast:${count}`),
];

/** A prompt goes only to a model that the server lists. */
const facts: Record<string, object> = {
  '/api/version': { version: '0.13.0' },
  '/api/tags': { models: names.map((name) => ({ name, model: name, digest: name, details: {} })) },
  '/api/ps': { models: [] },
  '/api/show': { capabilities: ['completion'], details: {}, model_info: {} },
};

async function modelOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return (JSON.parse(body) as { model: string }).model;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/api/generate') return generate(response, await modelOf(request));
  response.setHeader('content-type', 'application/json').end(JSON.stringify(facts[request.url ?? ''] ?? {}));
}

const server = createServer((request, response) => {
  response.on('error', () => response.destroy());
  answer(request, response).catch(() => response.destroy());
});
process.send?.({ type: 'listening', url: await listenOnLoopback(server) });
process.once('disconnect', () => process.exit());
