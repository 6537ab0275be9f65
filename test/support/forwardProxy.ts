// A forward proxy on 127.0.0.1: absolute-form requests for http, CONNECT for https. Forwards every host to
// one port.
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A request to the proxy. */
export interface ProxiedRequest {
  method: string;
  /** As in the request line: a whole URL, or `host:port` for CONNECT. */
  target: string;
  headers: IncomingMessage['headers'];
  /** 1 for the first accepted connection, and so on. */
  connection: number;
}

export interface ForwardProxyOptions {
  /** Port on 127.0.0.1 to which everything is forwarded. */
  to: number;
  /** Called before a request is forwarded; `true` means that it was handled on its socket. */
  intercept?: (request: ProxiedRequest, socket: Duplex) => boolean;
}

export class ForwardProxy {
  readonly requests: ProxiedRequest[] = [];
  readonly #options: ForwardProxyOptions;
  readonly #server = createServer({ keepAliveTimeout: 0 });
  readonly #numbers = new Map<unknown, number>();
  readonly #open = new Set<Socket>();
  #onRequest: () => void = () => undefined;
  #onClosed: () => void = () => undefined;

  constructor(options: ForwardProxyOptions) {
    this.#options = options;
    this.#server.on('connection', (socket) => this.#accept(socket));
    this.#server.on('request', (incoming, response) => this.#forward(incoming, response));
    this.#server.on('connect', (incoming, socket, head) => this.#tunnel(incoming, socket, head));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections accepted in total, and open now. */
  get connections(): { total: number; open: number } {
    return { total: this.#numbers.size, open: this.#open.size };
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** Resolves when so many requests have arrived. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => (this.#onRequest = resolve));
  }

  /** Resolves when no connection is open. */
  async waitForNoConnections(): Promise<void> {
    while (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onClosed = resolve));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(socket: Socket): void {
    this.#numbers.set(socket, this.#numbers.size + 1);
    this.#open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#onClosed();
    });
  }

  /** @returns whether the request was handled already */
  #note(incoming: IncomingMessage, socket: Duplex): boolean {
    const { method = '', url = '', headers } = incoming;
    const request = { method, target: url, headers, connection: this.#numbers.get(socket) ?? 0 };
    this.requests.push(request);
    this.#onRequest();
    return this.#options.intercept?.(request, socket) ?? false;
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    if (this.#note(incoming, incoming.socket)) return;
    const { pathname, search } = new URL(incoming.url ?? '');
    const { method, headers } = incoming;
    const onward = send({
      ...{ host: '127.0.0.1', port: this.#options.to, path: pathname + search, method },
      // Ollama answers only requests with a name of this machine.
      headers: { ...headers, host: 'localhost' },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    incoming.pipe(onward);
  }

  #tunnel(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    // After CONNECT nothing reads the socket, and an unread socket would not report that the client has
    // disconnected.
    socket.once('end', () => socket.destroy());
    if (this.#note(incoming, socket)) return void socket.resume();
    const onward = connect(this.#options.to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    onward.once('close', () => socket.destroy());
    socket.once('close', () => onward.destroy());
  }
}

export async function startForwardProxy(options: ForwardProxyOptions): Promise<ForwardProxy> {
  const proxy = new ForwardProxy(options);
  await proxy.listen();
  return proxy;
}
