import { setTimeout as sleep } from 'node:timers/promises';
import type { Gates } from './gates.ts';
import { clampContext, memoryOf } from './models.ts';
import { busyText, outOfMemoryText, Problem } from './problems.ts';
import type { RecordedRequest } from './record.ts';
import { Runner } from './runner.ts';
import type { DoubleSettings, Model } from './types.ts';

/** The model and the options that a request needs. */
export interface Wanted {
  request: RecordedRequest;
  model: Model;
  numCtx: number;
  /** Everything whose change reloads the model, as one string. */
  key: string;
  /** Aborts when the client disconnects. */
  signal: AbortSignal;
}

interface Ticket extends Wanted {
  resolve: (runner: Runner) => void;
  reject: (reason: unknown) => void;
}

/** One finished load. */
export interface LoadEvent {
  model: string;
  numCtx: number;
}

/** The next step for the first request in the queue. */
type Step = { kind: 'use'; runner: Runner } | { kind: 'load' } | { kind: 'wait' };

const wait: Step = { kind: 'wait' };

/** Decides which request may use which model: one queue in order, as in the real server. */
export class Scheduler {
  readonly loads: LoadEvent[] = [];
  readonly #settings: DoubleSettings;
  readonly #gates: Gates;
  readonly #pending: Ticket[] = [];
  readonly #runners = new Map<string, Runner>();

  constructor(settings: DoubleSettings, gates: Gates) {
    this.#settings = settings;
    this.#gates = gates;
  }

  /** Loaded models, the one that expires last first. */
  loaded(): Runner[] {
    return [...this.#runners.values()]
      .filter((runner) => !runner.loading)
      .toSorted((one, other) => other.expiresAt - one.expiresAt);
  }

  /**
   * Waits for the model, loaded as requested. `release` must follow.
   * @throws Problem 503 (too many wait), 500 (load failed), or the signal's reason.
   */
  async acquire(wanted: Wanted): Promise<Runner> {
    wanted.signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const ticket: Ticket = { ...wanted, resolve, reject };
      this.#pending.push(ticket);
      this.#pump();
      if (!this.#pending.includes(ticket)) return;
      this.#waitInQueue(ticket);
    });
  }

  /** Waits until the runner has a free slot for this request. */
  async takeSlot(runner: Runner, request: RecordedRequest, signal: AbortSignal): Promise<void> {
    if (runner.tryTakeSlot()) return;
    if (this.#waiting() >= this.#settings.maxQueue) throw new Problem(503, busyText);
    request.enter('queued');
    await runner.waitForSlot(signal);
  }

  release(runner: Runner, keepAliveMs: number | undefined): void {
    runner.refs--;
    if (this.#runners.get(runner.model.name) !== runner) return;
    if (keepAliveMs === 0) runner.expiring = true;
    else this.#renew(runner, keepAliveMs ?? this.#settings.keepAliveMs);
    if (runner.refs === 0 && runner.expiring) this.#unload(runner);
    this.#pump();
  }

  /** Unloads the model after its current work. */
  expire(name: string): void {
    const runner = this.#runners.get(name);
    if (!runner) return;
    runner.expiring = true;
    if (runner.refs === 0) this.#unload(runner);
    this.#pump();
  }

  /** The process of a model dies, and all its work fails. */
  kill(name: string): void {
    const runner = this.#runners.get(name);
    if (!runner) return;
    this.#remove(runner);
    runner.died.abort();
    this.#pump();
  }

  /** Unloads everything and clears the timers. */
  reset(): void {
    for (const runner of this.#runners.values()) this.#remove(runner);
    this.#pending.length = 0;
  }

  #waiting(): number {
    let waiting = this.#pending.length;
    for (const runner of this.#runners.values()) waiting += runner.waiting;
    return waiting;
  }

  #waitInQueue(ticket: Ticket): void {
    const leave = (reason: unknown): void => {
      const index = this.#pending.indexOf(ticket);
      if (index < 0) return;
      this.#pending.splice(index, 1);
      ticket.reject(reason);
      this.#pump();
    };
    if (this.#waiting() > this.#settings.maxQueue) return leave(new Problem(503, busyText));
    ticket.request.enter('queued');
    ticket.signal.addEventListener('abort', () => leave(ticket.signal.reason), { once: true });
  }

  #pump(): void {
    for (let ticket = this.#pending[0]; ticket; ticket = this.#pending[0]) {
      const step = this.#next(ticket);
      if (step.kind === 'wait') return;
      this.#pending.shift();
      if (step.kind === 'load') {
        void this.#load(ticket);
        continue;
      }
      step.runner.use();
      ticket.resolve(step.runner);
    }
  }

  #next(ticket: Ticket): Step {
    const runner = this.#runners.get(ticket.model.name);
    if (!runner) return this.#makeRoom(ticket) ? { kind: 'load' } : wait;
    if (runner.loading || runner.expiring) return wait;
    if (runner.key === ticket.key) return { kind: 'use', runner };
    if (runner.refs > 0) return wait;
    this.#unload(runner);
    return this.#next(ticket);
  }

  /** Unloads unused models until the requested one fits; all of them when it never will. */
  #makeRoom(ticket: Ticket): boolean {
    for (;;) {
      const others = [...this.#runners.values()];
      if (others.some((other) => other.loading)) return false;
      const used = others.reduce((sum, other) => sum + other.sizeBytes, 0);
      const fits = used + memoryOf(ticket.model, ticket.numCtx) <= this.#settings.memoryBytes;
      if (others.length === 0 || (fits && others.length < this.#settings.maxLoadedModels)) return true;
      const idle = others
        .filter((other) => other.refs === 0 && !other.unloading)
        .toSorted((a, b) => a.usedAt - b.usedAt)[0];
      if (!idle) return false;
      this.#unload(idle);
    }
  }

  async #load(ticket: Ticket): Promise<void> {
    const { request, model, signal } = ticket;
    const numCtx = clampContext(model, ticket.numCtx);
    const runner = new Runner(model, ticket.key, numCtx, this.#settings.numParallel);
    this.#runners.set(model.name, runner);
    request.enter('loading');
    try {
      await this.#gates.pass('loading', request, signal);
      this.#checkLoad(runner);
      const ms = model.loadMs ?? this.#settings.loadMs;
      if (ms > 0) await sleep(ms, undefined, { signal });
      signal.throwIfAborted();
      runner.loading = false;
      this.loads.push({ model: model.name, numCtx });
      ticket.resolve(runner);
    } catch (error) {
      this.#remove(runner);
      ticket.reject(error);
    }
    this.#pump();
  }

  #checkLoad(runner: Runner): void {
    const { memoryBytes, outOfMemory } = this.#settings;
    if (runner.model.loadError !== undefined) throw new Problem(500, runner.model.loadError);
    if (runner.sizeBytes <= memoryBytes) return;
    throw new Problem(500, outOfMemoryText(outOfMemory, runner.sizeBytes, memoryBytes));
  }

  #renew(runner: Runner, keepAliveMs: number): void {
    runner.keepFor(keepAliveMs, () => this.expire(runner.model.name));
  }

  #unload(runner: Runner): void {
    const { unloadMs } = this.#settings;
    if (runner.unloading) return;
    if (unloadMs === 0) return this.#remove(runner);
    runner.expiring = true;
    runner.unloading = true;
    runner.setTimer(unloadMs, () => {
      this.#remove(runner);
      this.#pump();
    });
  }

  #remove(runner: Runner): void {
    runner.clearTimer();
    if (this.#runners.get(runner.model.name) === runner) this.#runners.delete(runner.model.name);
  }
}
