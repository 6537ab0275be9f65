/** Servers that do not accept connections, or read slowly. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { chunked, sized } from './faults.ts';
import { wholeOf, type Wire } from './wires.ts';

/** A port on which nothing listens. */
export async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server that accepts no connection, so that connecting to it never ends. */
export async function unacceptingPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const { spawn } = await import('node:child_process');
  // A listening socket with a backlog of 0 that never accepts: the system answers one connection, then no
  // more.
  const script = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    process.send(s.address().port); process.kill(process.pid, 'SIGSTOP'); });`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/**
 * Reads `bytes` bytes, rests for `restMs` milliseconds, and repeats that. Answers when it has read the whole
 * request.
 */
export function takeInBursts(
  wire: Wire,
  socket: Socket,
  bytes: number,
  restMs: number,
  onRest: () => void,
): void {
  let received = 0;
  let burst = 0;
  let head = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (head.length < 1000) head += data.toString('latin1');
    if (head.startsWith('GET')) return void socket.write(sized('200 OK', wire.others));
    received += data.length;
    burst += data.length;
    if (received >= Number(/content-length: (\d+)/i.exec(head)?.[1]))
      return void socket.write(chunked(wholeOf(wire)));
    if (burst < bytes) return;
    burst = 0;
    onRest();
    socket.pause();
    setTimeout(() => socket.resume(), restMs);
  });
}

/** Starts a server. Closes it and its connections at the end of the block. */
export async function listening(server: Server): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: close };
}
