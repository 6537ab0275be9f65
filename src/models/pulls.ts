import * as vscode from 'vscode';
import type { ClientProvider } from '../generation/clientProvider.ts';
import { sameModel, type PullProgress } from '../ollama/index.ts';
import { TransferRate } from './transferRate.ts';

/** Progress of a model that is being pulled. */
export interface PullState extends PullProgress {
  model: string;
  /** The server that pulls it. */
  origin: string;
  /** `undefined` until it can be measured. */
  bytesPerSecond: number | undefined;
}

/** A pull that was stopped early. The server keeps the partial download, and another pull continues it. */
export interface Unfinished {
  model: string;
  origin: string;
  completedBytes: number;
  totalBytes: number;
}

interface Running {
  state: PullState;
  abort: AbortController;
  /** Settles when the pull has ended. */
  done: Promise<void>;
}

/** The abort reason when the user stops a pull. */
const stopped = new DOMException('Stopped by the user.', 'AbortError');
const storageKey = 'unfinishedPulls';

/** The pulls in progress, one per model however often it is requested. */
export class PullManager implements vscode.Disposable {
  private readonly clients: ClientProvider;
  private readonly storage: vscode.Memento;
  private readonly running: Running[] = [];
  private readonly changed = new vscode.EventEmitter<PullState | undefined>();

  /** Fires when a pull starts, progresses or ends, with the state of the oldest one in progress. */
  readonly onDidChange = this.changed.event;

  constructor(clients: ClientProvider, storage: vscode.Memento) {
    this.clients = clients;
    this.storage = storage;
  }

  get all(): readonly PullState[] {
    return this.running.map(({ state }) => state);
  }

  /** Pulls of the current server that were stopped early, in this or an earlier session. */
  get unfinished(): readonly Unfinished[] {
    const { origin } = this.clients.current;
    return this.remembered.filter((one) => one.origin === origin && !this.find(one.model));
  }

  /** Progress of a model on the current server. */
  find(model: string): PullState | undefined {
    return this.runningFor(model)?.state;
  }

  /**
   * Pulls a model, or joins its pull in progress. Continues an interrupted download.
   * @throws OllamaError; an AbortError (see {@link isStopped}) when it was stopped
   */
  async pull(model: string): Promise<void> {
    const known = this.runningFor(model);
    if (known) return known.done;
    const running = this.begin(model);
    this.running.push(running);
    this.tell();
    try {
      await running.done;
    } finally {
      this.running.splice(this.running.indexOf(running), 1);
      this.tell();
    }
  }

  /** Stops one pull, or all of them. */
  stop(model?: string): void {
    for (const { state, abort } of this.running)
      if (model === undefined || sameModel(state.model, model)) abort.abort(stopped);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private runningFor(model: string): Running | undefined {
    const { origin } = this.clients.current;
    return this.running.find(({ state }) => state.origin === origin && sameModel(state.model, model));
  }

  private begin(model: string): Running {
    const { origin } = this.clients.current;
    const abort = new AbortController();
    const rate = new TransferRate();
    const nothing = { phase: 'manifest', completedBytes: 0, totalBytes: 0, resumedBytes: 0 } as const;
    const running: Running = {
      abort,
      state: { model, origin, ...nothing, bytesPerSecond: undefined },
      done: Promise.resolve(),
    };
    const onProgress = (progress: PullProgress): void => {
      rate.add(progress.completedBytes - progress.resumedBytes, performance.now());
      running.state = { model, origin, ...progress, bytesPerSecond: rate.bytesPerSecond };
      this.tell();
    };
    running.done = this.clients.use(async (client) => {
      try {
        await client.pullModel(model, onProgress, abort.signal);
        await this.forget(model, origin);
      } catch (error) {
        await this.remember(running.state);
        throw error;
      }
    });
    return running;
  }

  private get remembered(): readonly Unfinished[] {
    return this.storage.get<Unfinished[]>(storageKey, []);
  }

  private async remember({ model, origin, completedBytes, totalBytes }: PullState): Promise<void> {
    if (completedBytes === 0) return;
    const unfinished = { model, origin, completedBytes, totalBytes };
    await this.storage.update(storageKey, [...this.othersThan(model, origin), unfinished]);
  }

  private async forget(model: string, origin: string): Promise<void> {
    await this.storage.update(storageKey, this.othersThan(model, origin));
  }

  private othersThan(model: string, origin: string): Unfinished[] {
    return this.remembered.filter((one) => one.origin !== origin || !sameModel(one.model, model));
  }

  private tell(): void {
    this.changed.fire(this.running[0]?.state);
  }
}

/** Whether a pull failed only because the user stopped it. */
export function isStopped(error: unknown): boolean {
  return error === stopped;
}
