import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { startRawServer, type RawServer } from '../support/double/index.ts';
import type { Wire } from '../support/wires.ts';
import type { Plan } from './soakPlan.ts';

/** What the server and the client know about one running generation. */
export interface Running {
  /** The protocol that both speak. */
  wire: Wire;
  plan: Plan;
  /** Number of requests received for it. */
  requests: number;
  /** Text events that the client has read. */
  taken: number;
  /** Called when the first request has arrived. */
  onReached: () => void;
  onTaken: () => void;
}

const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n';
const end = '0\r\n\r\n';

const busyBody = '{"error":"server busy, please try again.  maximum pending requests exceeded"}';
const busy = `HTTP/1.1 503 Service Unavailable\r\nContent-Length: ${busyBody.length}\r\n\r\n${busyBody}`;

const loaded = 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"models":[]}';

/** Gives each generation its fault at the first request, and a complete answer at any further one. */
export function startSoakServer(running: Map<number, Running>): Promise<RawServer> {
  return startRawServer(
    async (socket, { body, method }) => {
      // A request may still arrive on a closing connection. It gets no answer.
      if (!socket.writable) return void socket.destroy();
      // On a busy machine the client asks for the server's state meanwhile.
      if (method === 'GET') return void socket.write(loaded);
      const one = running.get(promptIn(body));
      if (!one) return void socket.destroy();
      one.requests++;
      if (one.requests === 1) await strike(socket, one);
      else await whole(socket, one);
    },
    { onConnection: (socket) => socket.on('error', () => socket.destroy()) },
  );
}

async function strike(socket: Socket, one: Running): Promise<void> {
  const { plan, wire } = one;
  const before = plan.tokens
    .slice(0, plan.at)
    .map((token) => wire.piece(token))
    .join('');
  switch (plan.fate) {
    case 'whole':
    case 'abort':
    case 'leave':
      return whole(socket, one);
    case 'slow':
      return pieces(socket, wholeBody(one), plan.pieceBytes, 1);
    case 'gzip':
      return gzip(socket, one);
    case 'stale':
      await whole(socket, one);
      return void socket.end();
    case 'cutClose':
    case 'cutReset':
      return cut(socket, one, before);
    case 'noLastLine':
      return pieces(socket, before, plan.pieceBytes);
    case 'errorLine':
      return pieces(socket, before + wire.error('something odd happened'), plan.pieceBytes);
    case 'garbage':
      return pieces(socket, `${before}${wire.raw('<html>').toString()}${wire.last()}`, plan.pieceBytes);
    case 'notUtf8':
      return pieces(
        socket,
        Buffer.concat([Buffer.from(before), wire.raw(Buffer.from([0x22, 0xff, 0x22]))]),
        4096,
      );
    case 'busy':
      return void socket.write(busy);
    case 'closeBeforeHeaders':
      return void socket.end();
    case 'resetBeforeHeaders':
      return void socket.resetAndDestroy();
    case 'abortWaiting':
      return one.onReached();
  }
}

/** The prompt is the number of the generation; in a conversation it is the last message. */
function promptIn(body: string): number {
  const { prompt, messages } = JSON.parse(body) as { prompt?: string; messages?: { content: string }[] };
  return Number(prompt ?? messages?.at(-1)?.content);
}

function wholeBody({ plan, wire }: Running): string {
  return plan.tokens.map((token) => wire.piece(token)).join('') + wire.last();
}

function whole(socket: Socket, one: Running): Promise<void> {
  return pieces(socket, wholeBody(one), one.plan.pieceBytes);
}

function gzip(socket: Socket, one: Running): Promise<void> {
  const zipped = gzipSync(wholeBody(one));
  return pieces(socket, zipped, one.plan.pieceBytes, 0, 'Content-Encoding: gzip\r\n');
}

async function pieces(
  socket: Socket,
  body: string | Buffer,
  size: number,
  delayMs = 0,
  headers = '',
): Promise<void> {
  const bytes = Buffer.from(body as string);
  socket.write(`${head}${headers}\r\n`);
  for (let at = 0; at < bytes.length && socket.writable; at += size) {
    socket.write(chunk(bytes.subarray(at, at + size)));
    // Slow at a few positions only, so that short chunks do not take too long.
    if (delayMs > 0 && at % (size * 16) === 0) await sleep(delayMs);
  }
  if (socket.writable) socket.write(end);
}

/** Announces one complete line more than it sends. */
async function cut(socket: Socket, one: Running, before: string): Promise<void> {
  const { plan, wire } = one;
  const next = Buffer.from(wire.piece(plan.tokens[plan.at]!));
  const sent = Buffer.concat([
    Buffer.from(before),
    next.subarray(0, Math.min(plan.plusBytes, next.length - 1)),
  ]);
  socket.write(`${head}\r\n${(sent.length + next.length).toString(16)}\r\n`);
  socket.write(sent);
  if (plan.fate === 'cutClose') return void socket.end();
  // A reset discards what the other side has not read yet.
  const gone = once(socket, 'close');
  while (one.taken < plan.at && socket.writable)
    await Promise.race([new Promise<void>((resolve) => (one.onTaken = resolve)), gone]);
  socket.resetAndDestroy();
}

function chunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}
