/**
 * The differences between the protocols for the tests of faults: the same fault has another form in each of
 * them.
 */
import type { CommonDependencies, ErrorKind, ModelClient, OllamaSettings } from '../../src/ollama/index.ts';
import { OpenAIClient } from '../../src/openai/index.ts';
import type { Protocol } from './double/types.ts';
import { clientFor, lastLine, line, settingsFor } from './faults.ts';

type Fields = Record<string, unknown>;

/** One protocol. Pieces include their end: a line feed, or an empty line. */
export interface Wire {
  name: string;
  protocol: Protocol;
  /** The path of generation requests. */
  path: string;
  /** The response to every other request. */
  others: string;
  clientFor: (
    baseUrl: string,
    settings?: Partial<OllamaSettings>,
    dependencies?: CommonDependencies,
  ) => ModelClient & AsyncDisposable;
  /** A piece with this text, which may be of a wrong type, and more fields. */
  piece: (text: unknown, more?: Fields) => string;
  thinking: (thinking: unknown) => string;
  /** Any text instead of a piece. */
  raw: (text: string | Buffer) => Buffer;
  /** The end of an answer. */
  last: (more?: { text?: string; badCounts?: boolean; badReason?: boolean; extra?: Fields }) => string;
  error: (error: unknown) => string;
  /** The texts of a server whose model has died, with their errors; and of one without enough memory. */
  diedText: string;
  outOfMemoryKind: ErrorKind;
}

const ndjson: Wire = {
  name: 'Ollama',
  protocol: 'ollama',
  path: '/api/generate',
  others: '{"models":[]}',
  clientFor,
  piece: (text, more) => `${line(text as string, more)}\n`,
  thinking: (thinking) => `${line('', { thinking })}\n`,
  raw: (text) => Buffer.concat([Buffer.from(text as string), Buffer.from('\n')]),
  last: ({ text = '', badCounts, badReason, extra } = {}) => {
    const counts = badCounts
      ? { eval_count: 'many', total_duration: null, prompt_eval_count: -3, model: 5, done_reason: {} }
      : {};
    return `${lastLine({ response: text, ...counts, ...(badReason ? { done: 'true' } : {}), ...extra })}\n`;
  },
  error: (error) => `${JSON.stringify({ error })}\n`,
  diedText: 'an error was encountered while running the model: unexpected EOF',
  outOfMemoryKind: 'outOfMemory',
};

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const facts = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_795_636_501, model: 'tiny' };
const chunkOf = (delta: Fields, reason: unknown = null): Fields => ({
  ...facts,
  choices: [{ index: 0, delta, finish_reason: reason }],
});

const events: Wire = {
  name: 'OpenAI',
  protocol: 'openai',
  path: '/v1/chat/completions',
  others: '{"object":"list","data":[{"id":"tiny","object":"model"}]}',
  clientFor: openAIClientFor,
  piece: (content, more) => event({ ...chunkOf({ content }), ...more }),
  thinking: (thinking) => event(chunkOf({ reasoning_content: thinking })),
  raw: (text) => Buffer.concat([Buffer.from('data: '), Buffer.from(text as string), Buffer.from('\n\n')]),
  last: ({ text, badCounts, badReason, extra } = {}) => {
    const usage = badCounts
      ? { completion_tokens: 'many', total_tokens: null, prompt_tokens: -3 }
      : { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };
    const end = chunkOf(text === undefined ? {} : { content: text }, badReason ? 5 : 'stop');
    return `${event({ ...end, ...extra })}${event({ ...facts, choices: [], usage })}data: [DONE]\n\n`;
  },
  error: (error) => event({ error }),
  diedText: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
  outOfMemoryKind: 'runnerDied',
};

export const wires: readonly Wire[] = [ndjson, events];

/** A client for a server with OpenAI's protocol. It closes itself at the end of its block. */
export function openAIClientFor(
  baseUrl: string,
  others: Partial<OllamaSettings> = {},
  dependencies: CommonDependencies = {},
): OpenAIClient & AsyncDisposable {
  const client = new OpenAIClient(settingsFor(baseUrl, others), dependencies);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

/** Two pieces, `one ` and `two`. */
export function twoPieces(wire: Wire): string {
  return wire.piece('one ') + wire.piece('two');
}

/** A complete answer. */
export function wholeOf(wire: Wire): string {
  return twoPieces(wire) + wire.last();
}
