import type { Room } from '../../generation/priorities.ts';
import { OllamaError } from '../../ollama/index.ts';
import { Gate, wait } from './gate.ts';
import { isDiskError } from './pageFiles.ts';
import { hashOf, subjectIn } from './pageMark.ts';
import { promptVersion, type PageMaterial } from './pageMaterial.ts';
import { PageWriter, type FinishedPage } from './pageWriter.ts';
import { Parallelism } from './parallelism.ts';
import type { PageSubject } from './pageMark.ts';
import type { Written } from './pageStore.ts';
import { inOrder, RunRecord } from './runRecord.ts';
import { ServerWatch } from './serverWatch.ts';
import type {
  PauseReason,
  RunDependencies,
  RunEvent,
  RunHandle,
  RunProgress,
  RunReport,
  RunState,
} from './runTypes.ts';
import { ServerSlots, type Enter } from './serverSlots.ts';
import { SteadyWriter } from './steadyWriter.ts';
import { troubleOf } from './troubles.ts';

type ItemEvent = RunEvent & { type: 'item' };

/** Milliseconds after which a prepared page is prepared again. */
const freshMs = 2_000;

/** Writes the pages of a plan with a lower priority than all other requests. */
export function startRun(items: readonly PageSubject[], dependencies: RunDependencies): RunHandle {
  const run = new Run(items, dependencies);
  run.start();
  return run;
}

class Run implements RunHandle {
  readonly ended: Promise<RunReport>;
  private readonly items: readonly PageSubject[];
  private readonly dependencies: RunDependencies;
  private readonly gate = new Gate();
  private readonly stopping = new AbortController();
  private readonly end = Promise.withResolvers<RunReport>();
  private readonly listeners = new Set<(event: RunEvent) => void>();
  private readonly parallelism: Parallelism;
  private readonly record: RunRecord;
  private readonly writer: SteadyWriter;
  private readonly now: () => number;
  private readonly server: ServerWatch;
  private state: RunState = { kind: 'running' };
  private isStoppedByUser = false;
  private next = 0;
  /** Items that were started when the server was busy. */
  private readonly returned: PageSubject[] = [];
  private readonly slots: ServerSlots;

  constructor(items: readonly PageSubject[], dependencies: RunDependencies) {
    this.items = inOrder(items);
    this.dependencies = dependencies;
    this.now = dependencies.now ?? (() => performance.now());
    this.ended = this.end.promise;
    this.record = new RunRecord(this.items, this.now);
    this.parallelism = new Parallelism(() => dependencies.mostParallel(), this.now);
    this.slots = new ServerSlots(
      () => this.parallelism.limit,
      () => this.pump(),
    );
    const room: Room = (level) => (dependencies.sharesModel?.(level) ? this.parallelism.room : 1);
    const writer = new PageWriter({ ...dependencies, room }, this.gate, {
      began: () => this.parallelism.began(),
      ended: () => this.parallelism.ended(),
      wrote: (chars) => {
        this.parallelism.wrote(chars);
        // More pages may have been allowed.
        this.pump();
      },
      interrupted: () => this.parallelism.interrupted(),
      busy: () => this.parallelism.busy(),
    });
    this.server = new ServerWatch({
      isReachable: (signal) => dependencies.model.isReachable(signal),
      wait: dependencies.wait ?? wait,
      signal: this.stopping.signal,
      onLost: (error) => this.lostServer(error),
      onBack: () => this.foundServer(),
    });
    const { gate, server } = this;
    this.writer = new SteadyWriter({
      writer,
      server,
      gate,
      onBlocked: (error) => this.hold('blocked', error),
    });
  }

  get progress(): RunProgress {
    const { record, state, parallelism } = this;
    const secondsLeft = record.secondsLeft;
    return {
      state,
      counts: record.counts,
      total: this.items.length,
      parallel: parallelism.limit,
      ...(secondsLeft === undefined ? {} : { secondsLeft }),
    };
  }

  start(): void {
    void this.begin();
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  pause(reason: PauseReason = 'user'): void {
    this.hold(reason);
  }

  resume(reason?: PauseReason): void {
    const { state } = this;
    if (state.kind !== 'paused' || (reason !== undefined && state.reason !== reason)) return;
    this.gate.open();
    this.enter({ kind: 'running' });
    this.pump();
  }

  async stop({ byUser = true } = {}): Promise<RunReport> {
    this.isStoppedByUser = byUser;
    this.stopping.abort(new Error('The run was stopped.'));
    this.pump();
    return this.ended;
  }

  private async begin(): Promise<void> {
    const { state } = this.dependencies.store;
    await this.onDisk(() => state.beginRun(this.items)).catch(() => undefined);
    this.pump();
  }

  /** Starts as many pages as may be written in parallel. Ends the run after the last one. */
  private pump(): void {
    const { signal } = this.stopping;
    if (this.gate.isOpen) this.slots.admit();
    while (!signal.aborted && this.gate.isOpen && this.slots.hasRoom) {
      const item = this.returned.pop() ?? this.items[this.next];
      if (!item) break;
      if (item === this.items[this.next]) this.next++;
      void this.slots.work((enter, leave) => this.work(item, enter, leave));
    }
    if (this.slots.isEmpty && (signal.aborted || this.isAtEnd)) void this.finish();
  }

  private get isAtEnd(): boolean {
    return this.next >= this.items.length && this.returned.length === 0;
  }

  private async finish(): Promise<void> {
    if (this.state.kind === 'ended') return;
    this.enter({ kind: 'ended' });
    const isStopped = this.record.counts.waiting > 0;
    // If the file of an unfinished run stays by mistake, the next run finds all its pages written.
    const { state } = this.dependencies.store;
    if (!isStopped) await state.endRun().catch(() => undefined);
    else if (this.isStoppedByUser) await state.stopRun(this.items).catch(() => undefined);
    const report = this.record.report(isStopped);
    this.tell({ type: 'ended', report });
    this.end.resolve(report);
  }

  /** Never rejects. */
  private async work(item: PageSubject, enter: Enter, leave: () => void): Promise<void> {
    try {
      this.note(item, await this.writeItem(item, enter, leave));
    } catch (error) {
      const isBusy = troubleOf(error) === 'busy';
      if (!isBusy && !this.stopping.signal.aborted) return this.fail(item, error);
      this.note(item, { type: 'item', item, outcome: 'waiting' });
      if (isBusy) await this.giveBack(item, error);
    }
  }

  private async writeItem(item: PageSubject, enter: Enter, leave: () => void): Promise<ItemEvent> {
    const { signal } = this.stopping;
    const begun = this.now();
    let prepared = await this.prepare(item);
    if ('type' in prepared) return prepared;
    await enter(signal);
    this.note(item, { type: 'item', item, outcome: 'writing' });
    // The source may have changed while it waited.
    if (this.now() - begun > freshMs) prepared = await this.prepare(item);
    if ('type' in prepared) return prepared;
    const page = await this.writer.write(prepared.material, item.kind, signal);
    this.server.answered();
    this.parallelism.finished();
    // The server need not wait for the disk.
    leave();
    const written = await this.save(item, prepared.source, page);
    if (written.kind === 'proposed') return this.proposed(item, written.path, written.proposal);
    this.record.passed += page.hasPassed ? 1 : 0;
    return { type: 'item', item, outcome: 'written', path: written.path };
  }

  /** What the page is made from, or the outcome if it need not be written. */
  private async prepare(item: PageSubject): Promise<{ material: PageMaterial; source: string } | ItemEvent> {
    const { store } = this.dependencies;
    const { signal } = this.stopping;
    signal.throwIfAborted();
    const material = await this.dependencies.materialOf(item, signal);
    if (!material) {
      // There is nothing to try again.
      await store.state.forgetFailure(item).catch(() => undefined);
      return { type: 'item', item, outcome: 'gone' };
    }
    const source = await hashOf(material.source);
    const known = await store.asItIsNow(item);
    if (known?.mark.source === source) {
      // The source is again as it was: another text is out of date.
      if (known.isTouched) await store.state.withdraw(item).catch(() => undefined);
      return { type: 'item', item, outcome: 'skipped', path: known.path };
    }
    if (known?.isTouched && (await store.isProposed(item, source)))
      return this.proposed(item, known.path, await store.state.proposalPath(item));
    return { material, source };
  }

  private proposed(item: PageSubject, page: string, proposal: string): ItemEvent {
    this.record.proposals.push({ item, page, proposal });
    return { type: 'item', item, outcome: 'proposed', path: page };
  }

  /** Reduces the number of parallel pages after a pause; this page is written later. */
  private async giveBack(item: PageSubject, error: unknown): Promise<void> {
    this.parallelism.busy();
    this.returned.push(item);
    const asked = error instanceof OllamaError ? error.retryAfterMs : undefined;
    await this.server.pauseWhileBusy(asked).catch(() => undefined);
  }

  private async save(item: PageSubject, source: string, page: FinishedPage): Promise<Written> {
    const facts = { ...subjectIn(item), source, model: page.model, prompt: promptVersion };
    return this.onDisk(() => this.dependencies.store.write(facts, page.body));
  }

  private async fail(item: PageSubject, error: unknown): Promise<void> {
    const { store } = this.dependencies;
    const reason = this.dependencies.describe(error);
    this.record.failures.push({ item, reason });
    await this.onDisk(() => store.state.noteFailure(item, reason)).catch(() => undefined);
    this.note(item, { type: 'item', item, outcome: 'failed', reason });
  }

  /** A full or read-only disk pauses the run. The pending write is kept until it continues. */
  private async onDisk<T>(write: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (!isDiskError(error)) throw error;
        this.hold('disk', error);
        await this.gate.opened(this.stopping.signal);
      }
    }
  }

  private hold(reason: PauseReason, error?: unknown): void {
    if (this.state.kind === 'ended' || this.state.kind === 'paused') return;
    this.enter({ kind: 'paused', reason, ...(error === undefined ? {} : { error }) });
    this.parallelism.interrupted();
    this.gate.close();
  }

  private lostServer(error: unknown): void {
    this.parallelism.interrupted();
    if (this.state.kind === 'running') this.enter({ kind: 'waitingForServer', error });
  }

  private foundServer(): void {
    this.parallelism.interrupted();
    if (this.state.kind === 'waitingForServer') this.enter({ kind: 'running' });
  }

  private enter(state: RunState): void {
    this.state = state;
    this.record.clock(state.kind === 'running');
    this.tell({ type: 'progress', progress: this.progress });
  }

  private note(item: PageSubject, event: ItemEvent): void {
    this.record.set(item, event.outcome);
    this.tell(event);
    this.tell({ type: 'progress', progress: this.progress });
  }

  private tell(event: RunEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
