import type { Socket } from 'node:net';

/** The connections of a server, numbered from 1 in the order of opening. */
export class Connections {
  readonly #open = new Map<Socket, number>();
  #total = 0;
  #waiters: (() => void)[] = [];

  get total(): number {
    return this.#total;
  }

  get open(): number {
    return this.#open.size;
  }

  add(socket: Socket): number {
    this.#open.set(socket, ++this.#total);
    // Tests make the client reset connections.
    socket.on('error', () => {});
    socket.once('close', () => this.#remove(socket));
    return this.#total;
  }

  idOf(socket: Socket): number {
    return this.#open.get(socket) ?? 0;
  }

  /** Resolves when no connection is open. */
  none(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  destroyAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
  }

  dropAll(how: 'close' | 'reset'): void {
    for (const socket of this.#open.keys()) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroySoon();
    }
  }

  #remove(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size > 0) return;
    for (const resolve of this.#waiters.splice(0)) resolve();
  }
}
