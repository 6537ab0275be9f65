import http from 'node:http';
import type { Readable } from 'node:stream';
import nodeFetch from 'node-fetch';
import { Ollama } from 'ollama';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import type { ContenderName } from './protocol.ts';

/** What was read of one answer. */
export interface Read {
  parts: number;
  chars: number;
}

/** One way to request an answer and to read it in pieces. */
export interface Contender {
  stream(prompt: string): Promise<Read>;
  /** Starts an answer that will be aborted. */
  start(prompt: string): { abort: () => void; ended: Promise<unknown> };
}

export function contender(name: ContenderName, url: string): Contender {
  switch (name) {
    case 'codeworm':
      return codeworm(url);
    case 'raw':
      return raw(url);
    case 'ollama':
      return ollama(url);
    case 'node-fetch':
      return bareNodeFetch(url);
  }
}

function codeworm(url: string): Contender {
  const client = new OllamaClient({ ...defaultSettings, baseUrl: url, model: 'bench' });
  const stream = async (prompt: string, signal?: AbortSignal): Promise<Read> => {
    const read: Read = { parts: 0, chars: 0 };
    for await (const part of client.stream(signal ? { prompt, signal } : { prompt })) {
      if (part.type !== 'text') continue;
      read.parts++;
      read.chars += part.text.length;
    }
    return read;
  };
  return {
    stream,
    start: (prompt) => {
      const controller = new AbortController();
      return { ended: stream(prompt, controller.signal), abort: () => controller.abort() };
    },
  };
}

/** The minimum that a careful author would write by hand: no errors, no limits, only the text. */
function raw(url: string): Contender {
  const agent = new http.Agent({ keepAlive: true });
  const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } };
  const send = (prompt: string) => {
    const request = http.request(`${url}/api/generate`, options);
    request.end(JSON.stringify({ model: 'bench', prompt, stream: true }));
    const response = new Promise<http.IncomingMessage>((resolve, reject) =>
      request.once('response', resolve).once('error', reject),
    );
    return { request, read: async () => readRaw(await response) };
  };
  return {
    stream: async (prompt) => send(prompt).read(),
    start: (prompt) => {
      const { request, read } = send(prompt);
      return { ended: read(), abort: () => request.destroy() };
    },
  };
}

function bareNodeFetch(url: string): Contender {
  const agent = new http.Agent({ keepAlive: true });
  const headers = { 'content-type': 'application/json', 'accept-encoding': 'identity' };
  const stream = async (prompt: string, signal?: AbortSignal): Promise<Read> => {
    const body = JSON.stringify({ model: 'bench', prompt, stream: true });
    const init = { method: 'POST', headers, body, agent, signal: signal ?? null };
    const response = await nodeFetch(`${url}/api/generate`, init);
    return readRaw(response.body as Readable);
  };
  return {
    stream,
    start: (prompt) => {
      const controller = new AbortController();
      return { ended: stream(prompt, controller.signal), abort: () => controller.abort() };
    },
  };
}

async function readRaw(response: Readable): Promise<Read> {
  const read: Read = { parts: 0, chars: 0 };
  let text = '';
  let rest = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = JSON.parse(line) as { response: string; done: boolean };
      if (value.response) read.parts++;
      text += value.response;
    }
  }
  read.chars = text.length;
  return read;
}

function ollama(url: string): Contender {
  const client = new Ollama({ host: url });
  const stream = async (prompt: string): Promise<Read> => {
    const read: Read = { parts: 0, chars: 0 };
    for await (const part of await client.generate({ model: 'bench', prompt, stream: true })) {
      if (part.response) read.parts++;
      read.chars += part.response?.length ?? 0;
    }
    return read;
  };
  return { stream, start: (prompt) => ({ ended: stream(prompt), abort: () => client.abort() }) };
}
