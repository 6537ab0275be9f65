/** Shared by the tests of faults: a server with one fault, and the expected result. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { OllamaConnectionError, OllamaError, type ErrorKind, type Fetch } from '../../../src/ollama/index.ts';
import { startRawServer } from '../../support/double/index.ts';
import {
  chunked,
  clientFor,
  fetches,
  line,
  outcomeOf,
  partsOf,
  sized,
  wholeAnswer,
  written,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

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
  /** The built-in fetch reports less about the connection. */
  builtIn?: Partial<Omit<Fault, 'name'>>;
}

export const html = '<!doctype html>\n<html><body>Welcome to the hotel network</body></html>\n';
export const two = `${line('one ')}\n${line('two')}\n`;
export const noAnswer = {
  type: OllamaConnectionError,
  kind: 'unreachable',
  says: /closed the connection before it answered/,
} as const;
export const text = (value: string): Pick<Fault, 'text'> => ({ text: value });

/** Tests all faults of a kind with every `fetch`. */
export function testFaults(where: string, faults: readonly Fault[]): void {
  for (const fault of faults) {
    for (const [fetchName, fetch] of fetches) {
      test(`${where}: ${fault.name} (${fetchName})`, () => withoutLeaks(() => meet(fault, fetch)));
    }
  }
}

async function meet(planned: Fault, fetch: Fetch | undefined): Promise<void> {
  const fault = fetch ? { ...planned, ...planned.builtIn } : planned;
  let faulty = true;
  await using server = await startRawServer(async (socket, request) => {
    if (request.path !== '/api/generate') return void socket.end(sized('200 OK', '{"models":[]}'));
    await (faulty ? play(socket, fault) : written(socket, chunked(wholeAnswer)));
  });
  await using client = clientFor(server.url, {}, partsOf(fetch));
  const outcome = await outcomeOf(client.stream({ prompt: 'x' }));
  if (fault.type) checkError(fault, outcome.error, outcome.text);
  else
    assert.deepEqual(
      [outcome.error, outcome.result?.text, outcome.text],
      [undefined, fault.text, fault.text],
    );
  if (outcome.result) checkNumbers(outcome.result);
  faulty = false;
  assert.equal(
    (await client.generate({ prompt: 'again' })).text,
    'one two',
    'the client is usable afterwards',
  );
  await client.close();
  if (!fetch) await server.waitForNoConnections();
}

export async function play(socket: Socket, { bytes, ending }: Fault): Promise<void> {
  if (bytes.length > 0) await written(socket, bytes);
  if (ending === 'close') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}

function checkError(fault: Fault, error: unknown, seen: string): void {
  assert.ok(error instanceof OllamaError && error instanceof fault.type!, `it is ${String(error)}`);
  assert.deepEqual(
    [error.kind, error.status, error.partialText],
    [fault.kind, fault.status, fault.text ?? ''],
  );
  assert.equal(seen, error.partialText, 'what was handed out is what the error carries');
  assert.match(error.message, /^\S.*\.$/, 'a sentence');
  if (fault.says) assert.match(error.message, fault.says);
}

function checkNumbers(result: object): void {
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`);
  }
}
