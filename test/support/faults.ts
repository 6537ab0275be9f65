import type { Socket } from 'node:net';
import {
  defaultSettings,
  OllamaClient,
  type ClientDependencies,
  type Fetch,
  type GenerationResult,
  type OllamaSettings,
  type StreamEvent,
} from '../../src/ollama/index.ts';

/** Settings for a test's server, with generous limits, so that only tests of a limit reach one. */
export function settingsFor(baseUrl: string, others: Partial<OllamaSettings> = {}): OllamaSettings {
  return {
    ...defaultSettings,
    baseUrl,
    model: 'tiny',
    connectTimeoutMs: 20_000,
    idleTimeoutMs: 20_000,
    ...others,
  };
}

/** A client that closes itself at the end of its block. */
export function clientFor(
  baseUrl: string,
  others: Partial<OllamaSettings> = {},
  parts: ClientDependencies = {},
): OllamaClient & AsyncDisposable {
  const client = new OllamaClient(settingsFor(baseUrl, others), parts);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** The built-in fetch, which can be passed to the client. */
export const builtInFetch = globalThis.fetch as unknown as Fetch;
type NamedFetch = readonly [name: string, fetch: Fetch | undefined];
/** What the extension uses: node-fetch, the client's default. */
export const fetches: readonly NamedFetch[] = [['node-fetch', undefined]];
/** For tests of the client's normal behavior. */
export const bothFetches: readonly NamedFetch[] = [...fetches, ['built-in fetch', builtInFetch]];
export const partsOf = (fetch: Fetch | undefined): { fetch?: Fetch } => (fetch ? { fetch } : {});

/** One line of an answer, without its line end. */
export function line(response: string, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    model: 'tiny',
    created_at: '2026-11-22T11:27:25Z',
    response,
    done: false,
    ...more,
  });
}

/** The last line of an answer, without its line end. */
export function lastLine(more: Record<string, unknown> = {}): string {
  const counts = {
    prompt_eval_count: 10,
    eval_count: 2,
    eval_duration: 1e8,
    total_duration: 2e8,
    load_duration: 1e6,
  };
  return line('', { done: true, done_reason: 'stop', ...counts, ...more });
}

/** The lines of a complete answer. */
export const wholeAnswer = `${line('one ')}\n${line('two')}\n${lastLine()}\n`;

export const streamHead =
  'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
export const chunk = (text: string | Buffer): Buffer => {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
};
export const lastChunk = '0\r\n\r\n';

/** A streamed response, byte for byte: every argument is a chunk. */
export function chunked(...chunks: (string | Buffer)[]): Buffer {
  return Buffer.concat([Buffer.from(streamHead), ...chunks.map(chunk), Buffer.from(lastChunk)]);
}

/** A response with a length. */
export function sized(status: string, body: string | Buffer, headers: Record<string, string> = {}): Buffer {
  const all = { 'Content-Length': String(Buffer.byteLength(body)), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${head.join('')}\r\n`),
    Buffer.from(body as string),
  ]);
}

export function json(status: string, value: unknown, headers: Record<string, string> = {}): Buffer {
  return sized(status, JSON.stringify(value), {
    'Content-Type': 'application/json; charset=utf-8',
    ...headers,
  });
}

/** Resolves when the system has the bytes, so that a later reset does not discard them. */
export function written(socket: Socket, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

/** The result of a stream: its events, and how it ended. */
export interface Outcome {
  parts: StreamEvent[];
  text: string;
  thinking: string;
  retries: Extract<StreamEvent, { type: 'retry' }>[];
  result: GenerationResult | undefined;
  error: unknown;
}

/** Reads a stream to its end or error. */
export async function outcomeOf(
  stream: AsyncGenerator<StreamEvent, GenerationResult, void>,
): Promise<Outcome> {
  const outcome: Outcome = {
    parts: [],
    text: '',
    thinking: '',
    retries: [],
    result: undefined,
    error: undefined,
  };
  try {
    for (let next = await stream.next(); ; next = await stream.next()) {
      if (next.done) {
        outcome.result = next.value;
        return outcome;
      }
      note(outcome, next.value);
    }
  } catch (error) {
    outcome.error = error ?? new Error('failed without a reason');
    return outcome;
  }
}

function note(outcome: Outcome, part: StreamEvent): void {
  outcome.parts.push(part);
  if (part.type === 'text') outcome.text += part.text;
  if (part.type === 'thinking') outcome.thinking += part.text;
  if (part.type === 'retry') outcome.retries.push(part);
}

/** The reason with which a promise rejects. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
