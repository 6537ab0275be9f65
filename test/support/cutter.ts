/**
 * Cuts a response at its bytes and checks the client's result. Runs in worker threads, because there are
 * tens of thousands of cuts: two threads halve the time, and the test runner's hooks would double it.
 */
import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  OllamaConnectionError,
  OllamaModelError,
  OllamaProtocolError,
  type ModelClient,
  type OllamaError,
} from '../../src/ollama/index.ts';
import { clientFor, failureOf } from './faults.ts';
import { withoutLeaks } from './leaks.ts';
import { openAIClientFor } from './wires.ts';

/** FIN or RST. */
export type How = 'close' | 'reset';

/**
 * Cuts at every byte of the start and the end of a response, or only beside line ends and at every seventh byte:
 * responses of one path begin and end alike.
 */
export type Density = 'every byte' | 'some bytes';

/** Number of cuts in parallel. */
const atOnce = 32;

/** The expected result when only so many bytes of a response arrive. */
interface Expected {
  text: string;
  outcome: 'result' | 'noAnswer' | 'cut' | 'errorLine';
}

/**
 * Follows the response byte by byte: chunks, lines, text. Works for the recordings, not for HTTP in general.
 */
class Follower {
  readonly #head: number;
  readonly #bytes: Buffer;
  #at = 0;
  #left = 0;
  #line: number[] = [];
  /** The data of an unfinished event. */
  #data: string | undefined;
  #expected: Expected = { text: '', outcome: 'noAnswer' };

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#head = bytes.indexOf('\r\n\r\n') + 4;
  }

  /** The expected result after one more byte. */
  next(): Expected {
    const at = this.#at++;
    if (at + 1 === this.#head) this.#expected = { text: '', outcome: 'cut' };
    if (at < this.#head) return this.#expected;
    if (this.#left === 0) this.#readSize(at);
    else if (this.#left-- > 2) this.#readByte(this.#bytes[at]!);
    return this.#expected;
  }

  /**
   * Reads the size of a chunk that ends with the line feed at `at`. The two bytes after the chunk belong to
   * it.
   */
  #readSize(at: number): void {
    if (this.#bytes[at] !== 0x0a) return;
    const from = this.#bytes.lastIndexOf('\n', at - 1) + 1;
    this.#left = Number.parseInt(this.#bytes.subarray(from, at).toString(), 16) + 2;
  }

  #readByte(byte: number): void {
    if (byte !== 0x0a) return void this.#line.push(byte);
    const line = Buffer.from(this.#line).toString();
    this.#line = [];
    if (isEvents(this.#bytes)) this.#readEventLine(line);
    else this.#readLine(line);
  }

  /** An event is complete with the empty line after it, and an answer with its reason to end. */
  #readEventLine(line: string): void {
    if (line !== '') return void (this.#data = line.replace(/^data: /, ''));
    if (this.#data === undefined || this.#data === '[DONE]') return;
    const value = JSON.parse(this.#data) as {
      choices: { delta: { content?: string | null }; finish_reason: string | null }[];
    };
    const [choice] = value.choices;
    if (!choice) return;
    const text = this.#expected.text + (choice.delta.content ?? '');
    this.#expected = { text, outcome: choice.finish_reason === null ? 'cut' : 'result' };
  }

  #readLine(line: string): void {
    const value = JSON.parse(line) as {
      response?: string;
      message?: { content?: string };
      done?: boolean;
      error?: string;
    };
    const text = this.#expected.text + (value.response ?? value.message?.content ?? '');
    this.#expected = { text, outcome: value.done ? 'result' : value.error ? 'errorLine' : 'cut' };
  }
}

/** Whether a response is a stream of events, as in OpenAI's protocol. */
function isEvents(bytes: Buffer): boolean {
  return bytes.subarray(0, 400).includes('text/event-stream');
}

/** Answers a request whose prompt says how: `<bytes> <how>`. */
async function startServer(bytes: Buffer): Promise<{ url: string; close: () => void }> {
  const server = createServer({ noDelay: true }, (socket) => {
    let request = '';
    socket.on('error', () => {});
    socket.on('data', (data) => {
      request += data.toString('latin1');
      const [, cut, how] = /"(?:prompt|content)":"(\d+) (close|reset)".*\}$/s.exec(request) ?? [];
      if (cut !== undefined) answer(socket, bytes.subarray(0, Number(cut)), how as How);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  };
}

/** Only what the system has accepted is certain to arrive before a reset. */
function answer(socket: Socket, bytes: Buffer, how: How): void {
  if (how === 'close') socket.end(bytes);
  else socket.write(bytes, () => socket.resetAndDestroy());
}

const classes = {
  noAnswer: [OllamaConnectionError, 'unreachable'],
  cut: [OllamaProtocolError, 'cut'],
  errorLine: [OllamaModelError, 'runnerDied'],
} as const;

/** Makes the client send a chat request, as in the recording. */
const history = [{ prompt: 'before', answer: 'before' }];

async function check(
  client: ModelClient,
  cut: number,
  how: How,
  expected: Expected,
  isChat: boolean,
): Promise<void> {
  const generation = client.generate({ prompt: `${cut} ${how}`, ...(isChat ? { history } : {}) });
  const where = `${how} after ${cut} bytes`;
  if (expected.outcome === 'result') {
    assert.equal((await generation).text, expected.text, where);
    return;
  }
  const error = (await failureOf(generation)) as OllamaError;
  const [type, kind] = classes[expected.outcome];
  assert.ok(error instanceof type, `${where}: ${String(error)}`);
  assert.deepEqual([error.kind, error.partialText, error.status], [kind, expected.text, undefined], where);
}

async function cutEverywhere(bytes: Buffer, how: How, density: Density): Promise<void> {
  const follower = new Follower(bytes);
  const expected: Expected[] = [{ text: '', outcome: 'noAnswer' }];
  for (let cut = 1; cut < bytes.length; cut++) expected.push(follower.next());
  const server = await startServer(bytes);
  const client = isEvents(bytes) ? openAIClientFor(server.url) : clientFor(server.url);
  const isChat = bytes.includes('"message":{');
  const cuts = cutsOf(bytes, density).values();
  const work = async (): Promise<void> => {
    for (const cut of cuts) await check(client, cut, how, expected[cut]!, isChat);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, work));
  } finally {
    await client.close();
    server.close();
  }
}

/** Every byte of so many at the start and at the end; the events between repeat the same lines. */
const startBytes = 1500;
const endBytes = 1000;
/** Distance of the other cuts: no length of a line is a multiple of it for long, so each part of a line is cut. */
const step = 7;
/** `context` is a list of numbers of tens of kilobytes that nothing reads. */
const contextStep = 64;

/** The numbers of bytes after which the response is cut. */
function cutsOf(bytes: Buffer, density: Density): number[] {
  const start = bytes.indexOf('"context":[');
  const end = start < 0 ? start : bytes.indexOf(']', start);
  return Array.from(bytes.keys()).filter((cut) => {
    if (cut > start + contextStep && cut < end - contextStep) return cut % contextStep === 0;
    if (density === 'every byte' && (cut < startBytes || cut >= bytes.length - endBytes)) return true;
    return cut % step === 0 || isBesideLineEnd(bytes, cut);
  });
}

/** Before, within and behind the end of a line, where an event becomes complete. */
function isBesideLineEnd(bytes: Buffer, cut: number): boolean {
  return bytes.subarray(Math.max(0, cut - 2), cut + 1).includes(0x0a);
}

/** A worker thread that receives one response after the other. */
export class CutThread {
  readonly #worker: Worker;

  constructor(how: How) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { how } });
  }

  /** Resolves with the number of cuts. Rejects with the first failed one. */
  async cutEverywhere(bytes: Uint8Array, density: Density): Promise<number> {
    this.#worker.postMessage({ bytes, density }, []);
    const [outcome] = (await once(this.#worker, 'message')) as [number | Error];
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

if (!isMainThread && workerData?.how) {
  // Stack traces would be expensive, and nothing reads them here.
  Error.stackTraceLimit = 0;
  parentPort?.on('message', ({ bytes, density }: { bytes: Uint8Array; density: Density }) => {
    withoutLeaks(() => cutEverywhere(Buffer.from(bytes), workerData.how as How, density)).then(
      () => parentPort?.postMessage(bytes.length, []),
      (error: unknown) => parentPort?.postMessage(new Error(String(error)), []),
    );
  });
}
