/** Whatever a server sends without end takes limited memory, and ends in an error about it. */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { OllamaError, OllamaProtocolError, type ErrorKind } from '../../../src/ollama/index.ts';
import { failureOf } from '../../support/faults.ts';
import { listening } from '../../support/slowServers.ts';
import { wires, type Wire } from '../../support/wires.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n';

/** Writes a block again and again until the reader closes the connection. */
function flood(socket: Socket, start: string, block: string | Buffer): void {
  socket.write(start);
  const write = (): void => {
    if (socket.destroyed) return;
    if (socket.write(block)) setImmediate(write);
    else socket.once('drain', write);
  };
  write();
}

/** The error of a generation by a server that sends this. */
async function errorOf(wire: Wire, start: string, block: string | Buffer): Promise<OllamaError> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => flood(socket, start, block));
  });
  await using listener = await listening(server);
  await using client = wire.clientFor(listener.url);
  const error = await failureOf(client.generateWithRetry({ prompt: 'x' }));
  assert.ok(error instanceof OllamaError, String(error));
  return error;
}

const times = (count: number, line: string): string => line.repeat(count);
const block = 65_536;

interface Endless {
  name: string;
  start?: string;
  block: (wire: Wire) => string | Buffer;
  says: RegExp;
  kind?: ErrorKind;
}

const incomplete = /16 MiB have arrived without a complete part/;

const ofBoth: readonly Endless[] = [
  { name: 'line', block: () => Buffer.alloc(block, '{'), says: /longer than 16 MiB/ },
  { name: 'series of blank lines', block: () => Buffer.alloc(block, '\n'), says: incomplete },
  { name: 'series of lines with blanks', block: () => times(1000, '   \r\n'), says: /16 MiB|not JSON/ },
  {
    name: 'head',
    start: 'HTTP/1.1 200 OK\r\n',
    block: () => times(1000, 'X-A: b\r\n'),
    says: /does not speak HTTP properly/,
    kind: 'notOllama',
  },
  {
    name: 'header line',
    start: 'HTTP/1.1 200 OK\r\nX-A: ',
    block: () => Buffer.alloc(block, 'a'),
    says: /does not speak HTTP properly/,
    kind: 'notOllama',
  },
  {
    name: 'series of interim responses',
    start: '',
    block: () => times(1000, 'HTTP/1.1 102 Processing\r\n\r\n'),
    says: /does not speak HTTP properly/,
    kind: 'notOllama',
  },
  { name: 'text', block: (wire) => wire.piece('x'.repeat(block)), says: /longer than 32 MiB/ },
  { name: 'thinking', block: (wire) => wire.thinking('x'.repeat(block)), says: /longer than 32 MiB/ },
];

const call = (index: number, more: object): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index, ...more }] } }] })}\n\n`;

const ofEvents: readonly Endless[] = [
  { name: 'event', block: () => times(1000, 'data: {"a":1\n'), says: incomplete },
  { name: 'event of empty lines', block: () => times(10_000, 'data\n'), says: incomplete },
  { name: 'series of comments', block: () => times(1000, ': still here\n\n'), says: incomplete },
  { name: 'comment', start: ': ', block: () => Buffer.alloc(block, 'x'), says: /longer than 16 MiB/ },
  { name: 'series of ids', block: () => times(1000, 'id: 1\r\n\r\n'), says: incomplete },
  { name: 'id', start: 'id: ', block: () => Buffer.alloc(block, 'x'), says: /longer than 16 MiB/ },
  { name: 'series of unknown fields', block: () => times(1000, 'x: y\r'), says: incomplete },
  { name: 'series of names', block: () => times(1000, 'event: x\n'), says: incomplete },
  { name: 'series of empty events', block: () => times(1000, 'data:\n\n'), says: incomplete },
  { name: 'object without a stream', start: '{"a":"', block: () => Buffer.alloc(block, 'x'), says: /16 MiB/ },
  {
    name: 'series of calls',
    block: () => Array.from({ length: 1100 }, (_, at) => call(at, { function: { name: 'f' } })).join(''),
    says: /more than 1000 tools/,
  },
  {
    name: 'call',
    block: () => call(0, { function: { name: 'f', arguments: 'x'.repeat(block) } }),
    says: /longer than 32 MiB/,
  },
];

const calling = `${JSON.stringify({ message: { content: '', tool_calls: [{ function: { name: 'f', arguments: {} } }] } })}\n`;
const ofLines: readonly Endless[] = [
  { name: 'series of calls', block: () => times(100, calling), says: /more than 1000 tools/ },
];

for (const wire of wires)
  describe(`${wire.name}: without end`, () => {
    for (const endless of [...ofBoth, ...(wire.protocol === 'openai' ? ofEvents : ofLines)])
      test(`a ${endless.name}`, async () => {
        const { start = '', says, kind = 'garbled' } = endless;
        const isOfHead = kind === 'notOllama';
        const error = await errorOf(wire, isOfHead ? start : head + start, endless.block(wire));
        assert.match(error.message, says);
        assert.ok(error instanceof OllamaProtocolError && error.kind === kind, error.kind);
        if (endless.name === 'text') assert.match(error.partialText, /^x+$/);
      });
  });
