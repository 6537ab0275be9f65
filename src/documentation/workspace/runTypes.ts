import type { Level } from '../../generation/priorities.ts';
import type { PageIdentity } from './pageMark.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageStore } from './pageStore.ts';
import type { WriterDependencies } from './pageWriter.ts';
import type { PageSubject } from './pageMark.ts';

/** The outcome of a page in a run. */
export type ItemOutcome = 'waiting' | 'writing' | 'written' | 'skipped' | 'proposed' | 'failed' | 'gone';

/**
 * Why a run is paused. `disk`: nothing can be written to it; `blocked`: no page can be written until the user
 * fixes something.
 */
export type PauseReason = 'user' | 'battery' | 'disk' | 'blocked';

export type RunState =
  | { kind: 'running' }
  | { kind: 'waitingForServer'; error: unknown }
  | { kind: 'paused'; reason: PauseReason; error?: unknown }
  | { kind: 'ended' };

export interface RunProgress {
  state: RunState;
  /** Number of pages per outcome. */
  counts: Readonly<Record<ItemOutcome, number>>;
  total: number;
  /** Most pages in parallel. */
  parallel: number;
  /** Estimated from the pages so far; undefined before the first one. */
  secondsLeft?: number;
}

export interface RunReport {
  counts: Readonly<Record<ItemOutcome, number>>;
  total: number;
  /** Written pages that have passed the check. */
  passed: number;
  failures: readonly { item: PageSubject; reason: string }[];
  /** Pages that were changed by a user: the new ones are saved beside them. */
  proposals: readonly { item: PageSubject; page: string; proposal: string }[];
  /** Sources that no longer exist. */
  gone: readonly PageIdentity[];
  /** Whether it was stopped early. */
  isStopped: boolean;
}

export type RunEvent =
  | { type: 'item'; item: PageSubject; outcome: ItemOutcome; path?: string; reason?: string }
  | { type: 'progress'; progress: RunProgress }
  | { type: 'ended'; report: RunReport };

/** What a run works with. */
export interface RunDependencies extends Omit<WriterDependencies, 'room'> {
  store: PageStore;
  /** The material of an item's page; `undefined` when its source no longer exists. */
  materialOf(item: PageSubject, signal: AbortSignal): Promise<PageMaterial | undefined>;
  /** Most pages in parallel, from the current settings. */
  mostParallel(): number;
  /**
   * Whether more important requests of a level go to the same model, so that pages may be written beside them where
   * the server has been measured to work on several at once. By default they may not.
   */
  sharesModel?: (level: Level) => boolean;
  /** The message for an error. */
  describe(error: unknown): string;
  /** Milliseconds. */
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunHandle {
  readonly progress: RunProgress;
  /** Resolves when the last page is done, or after `stop`. Never rejects. */
  readonly ended: Promise<RunReport>;
  /** Interrupts the current pages at once; `resume` continues them. */
  pause(reason?: PauseReason): void;
  /** @param reason resumes only if the run is paused for this reason */
  resume(reason?: PauseReason): void;
  /**
   * Unwritten pages are left for another run.
   * @param options `byUser`: whether the user has stopped it; else the next window offers to continue
   */
  stop(options?: { byUser: boolean }): Promise<RunReport>;
  /** @returns a function that removes the listener */
  onEvent(listener: (event: RunEvent) => void): () => void;
}
