import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Connections } from './connections.ts';

/** One request as it was received. */
export interface RawRequest {
  /** Head and body, unparsed. */
  text: string;
  method: string;
  path: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** Counted from 1 on this server. */
  connectionId: number;
}

export type RawHandler = (socket: Socket, request: RawRequest) => void | Promise<void>;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RawRequest[];
  readonly connections: { readonly total: number; readonly open: number };
  waitForNoConnections(): Promise<void>;
  /** Closes all sockets. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A server whose responses are written by the test, byte by byte. The handler is called for each complete
 * request (several on a kept connection). `onConnection` gets the socket before the first byte.
 */
export async function startRawServer(
  handler: RawHandler,
  options: { host?: string; port?: number; onConnection?: (socket: Socket) => void } = {},
): Promise<RawServer> {
  const { host = '127.0.0.1', port: wanted = 0, onConnection } = options;
  const connections = new Connections();
  const requests: RawRequest[] = [];
  const server = createServer((socket) => {
    const connectionId = connections.add(socket);
    onConnection?.(socket);
    readRequests(socket, (request) => {
      const numbered = { ...request, connectionId };
      requests.push(numbered);
      void handler(socket, numbered);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    connections.destroyAll();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests,
    connections,
    waitForNoConnections: () => connections.none(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function readRequests(socket: Socket, onRequest: (request: Omit<RawRequest, 'connectionId'>) => void): void {
  let buffer = Buffer.alloc(0);
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (let taken = takeRequest(buffer); taken; taken = takeRequest(buffer)) {
      buffer = buffer.subarray(taken.length);
      onRequest(taken.request);
    }
  });
}

/** The first request in the bytes, if it is complete. */
function takeRequest(
  bytes: Buffer,
): { request: Omit<RawRequest, 'connectionId'>; length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  ) as Record<string, string>;
  const rest = bytes.subarray(headEnd + 4);
  const body =
    headers['transfer-encoding'] === 'chunked'
      ? chunkedBody(rest)
      : sizedBody(rest, Number(headers['content-length'] ?? 0));
  if (!body) return undefined;
  const length = headEnd + 4 + body.length;
  return {
    request: { text: bytes.subarray(0, length).toString(), method, path, headers, body: body.text },
    length,
  };
}

function sizedBody(bytes: Buffer, length: number): { text: string; length: number } | undefined {
  return bytes.length < length ? undefined : { text: bytes.subarray(0, length).toString(), length };
}

function chunkedBody(bytes: Buffer): { text: string; length: number } | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { text: Buffer.concat(parts).toString(), length: end };
    parts.push(bytes.subarray(lineEnd + 2, end - 2));
    at = end;
  }
}
