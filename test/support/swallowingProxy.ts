// A proxy that behaves like a router or VPN after a sleep: old connections look open, but data on them is
// lost.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Forwards bytes to a port of 127.0.0.1, until it is told to discard those of the existing connections. */
export class SwallowingProxy {
  readonly #to: number;
  readonly #server = createServer((socket) => this.#accept(socket));
  readonly #open = new Set<Socket>();
  readonly #dead = new Set<Socket>();
  #swallowedBytes = 0;
  #total = 0;
  #toRefuse = 0;
  #refused = 0;

  constructor(to: number) {
    this.#to = to;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections accepted so far. */
  get total(): number {
    return this.#total;
  }

  /** Bytes of the client that were discarded. */
  get swallowedBytes(): number {
    return this.#swallowedBytes;
  }

  /** Connections that were closed at once. */
  get refused(): number {
    return this.#refused;
  }

  /** Closes the next `count` connections at once, as while the network is down. */
  refuse(count: number): void {
    this.#toRefuse = count;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** From now on, everything sent on the existing connections is discarded, in both directions. */
  swallowOld(): void {
    for (const socket of this.#open) this.#dead.add(socket);
  }

  /** Resets the existing connections, as a system does for connections it does not know. */
  resetOld(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    if (this.#refused < this.#toRefuse) {
      this.#refused++;
      return void socket.destroy();
    }
    this.#total++;
    this.#open.add(socket);
    const onward = connect(this.#to, '127.0.0.1');
    socket.on('data', (data) => {
      if (this.#dead.has(socket)) this.#swallowedBytes += data.length;
      else onward.write(data);
    });
    onward.on('data', (data) => this.#dead.has(socket) || socket.write(data));
    for (const one of [socket, onward]) one.on('error', () => undefined);
    onward.once('close', () => this.#dead.has(socket) || socket.destroy());
    socket.once('close', () => {
      this.#open.delete(socket);
      onward.destroy();
    });
  }
}

export async function startSwallowingProxy(to: number): Promise<SwallowingProxy> {
  const proxy = new SwallowingProxy(to);
  await proxy.listen();
  return proxy;
}
