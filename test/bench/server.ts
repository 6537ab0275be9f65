/**
 * The server of the benchmarks, in its own process so that its work does not count as a client's. Its
 * responses are built in advance. The prompt of a request selects one: `line 200000`, `packed 1000000`, or
 * `hang headers 7`, `hang first 7`, `hang middle 7` for an answer that stops there.
 */
import { createServer, type Socket } from 'node:net';
import { listenOnLoopback } from './processes.ts';
import type { FromServer, Layout } from './protocol.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n';
const lastLine =
  '{"model":"bench","created_at":"2026-11-22T11:27:25.340269Z","response":"","done":true,"done_reason":"stop","total_duration":1340000000,"load_duration":1200000,"prompt_eval_count":26,"prompt_eval_duration":90000000,"eval_count":10,"eval_duration":1200000000}\n';

const loaded = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"models":[]}';

/** Pieces of an answer as models write them, some of which JSON must escape. */
const words = [' const', ' result', ' =', ' await', ' fetch', '(', 'url', ');', '\n', '  ', ' if', ' (!', 'result', '.ok', ')', ' throw', ' new', ' Error', '(`', 'HTTP', ' ${', 'status', '}`', ' // the', ' answer', ' of', ' a', ' "server"', ' naïve', ' ->']; // prettier-ignore

/** Lines that are sent repeatedly. */
const cycle = Array.from({ length: 1000 }, (_, index) => tokenLine(words[index % words.length]!, index));
const lineChunks = cycle.map((line) => Buffer.from(asChunk(line)));
const packedChunk = Buffer.from(asChunk(cycle.join('')));
const ending = `${asChunk(lastLine)}0\r\n\r\n`;
const shortPacked = new Map<number, Buffer>();

function tokenLine(response: string, index: number): string {
  const nanoseconds = String((index * 7_919_017) % 1_000_000_000).padStart(9, '0');
  const line = { model: 'bench', created_at: `2026-11-22T11:27:25.${nanoseconds}Z`, response, done: false };
  return `${JSON.stringify(line)}\n`;
}

function asChunk(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

async function answer(socket: Socket, prompt: string): Promise<void> {
  const [kind = '', what = ''] = prompt.split(' ');
  if (kind === 'hang') return hang(socket, prompt, what);
  const tokens = Number(what);
  if (kind === ('packed' satisfies Layout)) return packed(socket, tokens);
  socket.write(head);
  for (let sent = 0; sent < tokens; sent++)
    if (!socket.write(lineChunks[sent % cycle.length]!)) await drained(socket);
  socket.write(ending);
}

async function packed(socket: Socket, tokens: number): Promise<void> {
  if (tokens < cycle.length) return void socket.write(short(tokens));
  socket.write(head);
  for (let sent = 0; sent < tokens; sent += cycle.length)
    if (!socket.write(packedChunk)) await drained(socket);
  socket.write(ending);
}

/** Short answers are sent line by line in one packet, as by a fast server. */
function short(tokens: number): Buffer {
  const known = shortPacked.get(tokens);
  if (known) return known;
  const made = Buffer.from(head + cycle.slice(0, tokens).map(asChunk).join('') + ending);
  shortPacked.set(tokens, made);
  return made;
}

function hang(socket: Socket, prompt: string, where: string): void {
  socket.once('close', () => tell({ type: 'closed', prompt, at: process.hrtime.bigint() }));
  if (where !== 'headers') socket.write(where === 'middle' ? head + asChunk(cycle[0]!) : head);
  tell({ type: 'reached', prompt });
}

/** Also resolves when the client has disconnected. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

function tell(message: FromServer): void {
  process.send?.(message);
}

function takeRequests(socket: Socket, onPrompt: (prompt: string) => void): void {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
      const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      // On a busy machine the client asks for the server's state meanwhile.
      if (text.startsWith('GET ')) socket.write(loaded);
      else onPrompt((JSON.parse(text.slice(end + 4, end + 4 + length)) as { prompt: string }).prompt);
      text = text.slice(end + 4 + length);
    }
  });
}

const server = createServer({ noDelay: true }, (socket) => {
  tell({ type: 'connection' });
  socket.on('error', () => socket.destroy());
  takeRequests(socket, (prompt) => void answer(socket, prompt));
});
tell({ type: 'listening', url: await listenOnLoopback(server) });
process.once('disconnect', () => process.exit());
