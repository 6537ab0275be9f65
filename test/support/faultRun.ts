/** Plays faults of one request as bytes on a real connection, and checks the client's result. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  OllamaError,
  OllamaProtocolError,
  type ErrorKind,
} from '../../src/ollama/index.ts';
import { startRawServer } from './double/index.ts';
import { chunked, outcomeOf, sized, written } from './faults.ts';
import { withoutLeaks } from './leaks.ts';
import { wholeOf, type Wire } from './wires.ts';

type Ending = 'stays' | 'close' | 'reset';

export interface Fault {
  name: string;
  /** The response, byte for byte, and what happens to the connection. */
  bytes: string | Buffer;
  ending?: Ending;
  /** The expected result: an error, or (without a class) a result with this text. */
  type?: abstract new (...args: never[]) => OllamaError;
  kind?: ErrorKind;
  status?: number | undefined;
  text?: string;
  says?: RegExp;
}

export const cut = { type: OllamaProtocolError, kind: 'cut', says: /broke off/ } as const;
export const garbled = { type: OllamaProtocolError, kind: 'garbled', says: /cannot be read/ } as const;
export const notHttp = {
  type: OllamaProtocolError,
  kind: 'notOllama',
  says: /does not speak HTTP|does not look like/,
} as const;
export const noAnswer = {
  type: OllamaConnectionError,
  kind: 'unreachable',
  says: /closed the connection before it answered/,
} as const;
export const text = (value: string): Pick<Fault, 'text'> => ({ text: value });

/** One test per fault: class, kind, message, status, partial text; nothing leaks; the client still works. */
export function testFaults(wire: Wire, where: string, faults: readonly Fault[]): void {
  for (const fault of faults)
    test(`${wire.name}, ${where}: ${fault.name}`, () => withoutLeaks(() => meet(wire, fault)));
}

async function meet(wire: Wire, fault: Fault): Promise<void> {
  let isFaulty = true;
  await using server = await startRawServer(async (socket, request) => {
    if (request.path !== wire.path) return void socket.end(sized('200 OK', wire.others));
    await (isFaulty ? play(socket, fault) : written(socket, chunked(wholeOf(wire))));
  });
  await using client = wire.clientFor(server.url);
  const outcome = await outcomeOf(client.stream({ prompt: 'x' }));
  if (fault.type) checkError(wire, fault, outcome.error, outcome.text);
  else
    assert.deepEqual(
      [outcome.error, outcome.result?.text, outcome.text],
      [undefined, fault.text, fault.text],
    );
  if (outcome.result) checkNumbers(outcome.result);
  isFaulty = false;
  const { text: again } = await client.generate({ prompt: 'again' });
  assert.equal(again, 'one two', 'the client is usable afterwards');
  await client.close();
  await server.waitForNoConnections();
}

/** Sends the bytes, and ends the connection as planned. */
export async function play(socket: Socket, { bytes, ending }: Omit<Fault, 'name'>): Promise<void> {
  if (bytes.length > 0) await written(socket, bytes);
  if (ending === 'close') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}

function checkError(wire: Wire, fault: Fault, error: unknown, seen: string): void {
  assert.ok(error instanceof OllamaError && error instanceof fault.type!, `it is ${String(error)}`);
  assert.deepEqual(
    [error.kind, error.status, error.partialText],
    [fault.kind, fault.status, fault.text ?? ''],
  );
  assert.equal(seen, error.partialText, 'what was handed out is what the error carries');
  assert.match(error.message, /^\S.*\.$/, 'a sentence');
  if (fault.says) assert.match(error.message, fault.says);
  if (wire.protocol === 'openai') assert.doesNotMatch(error.message, /Ollama/);
}

function checkNumbers(result: object): void {
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`);
  }
}
