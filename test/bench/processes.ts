import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A child process that sends messages of one type and receives messages of another. */
export class Child<From, To = never> {
  private readonly process: ChildProcess;
  private readonly listeners = new Set<(message: From) => void>();

  /** @param file name of a module in this folder */
  constructor(file: string, args: string[] = []) {
    this.process = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
      execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--expose-gc'],
      serialization: 'advanced',
    });
    this.process.on('message', (message) => {
      for (const listener of this.listeners) listener(message as From);
    });
  }

  onMessage(listener: (message: From) => void): void {
    this.listeners.add(listener);
  }

  send(message: To): void {
    this.process.send(message as object);
  }

  /** The next message for which `pick` returns a value. Rejects when the process ends before. */
  async wait<T>(pick: (message: From) => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`a child process ended (${code})`));
      const listener = (message: From) => {
        const picked = pick(message);
        if (picked === undefined) return;
        this.listeners.delete(listener);
        this.process.off('exit', onExit);
        resolve(picked);
      };
      this.process.once('exit', onExit);
      this.listeners.add(listener);
    });
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill();
    await ended;
  }
}

/** Listens on a free port of 127.0.0.1. */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
