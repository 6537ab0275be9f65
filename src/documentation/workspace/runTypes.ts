import type { PageIdentity } from './pageMark.ts';
import type { PageMaterial } from './pageMaterial.ts';
import type { PageStore } from './pageStore.ts';
import type { WriterDependencies } from './pageWriter.ts';
import type { PageSubject } from './pageMark.ts';

/** What has become of a page of a run. */
export type ItemOutcome = 'waiting' | 'writing' | 'written' | 'skipped' | 'proposed' | 'failed' | 'gone';

/**
 * Why a run is paused. `disk`: nothing can be written to it; `blocked`: no page can be written until the user does
 * something about the server.
 */
export type PauseReason = 'user' | 'battery' | 'disk' | 'blocked';

export type RunState =
  | { kind: 'running' }
  | { kind: 'waitingForServer'; error: unknown }
  | { kind: 'paused'; reason: PauseReason; error?: unknown }
  | { kind: 'ended' };

export interface RunProgress {
  state: RunState;
  /** How many pages there are of each outcome. */
  counts: Readonly<Record<ItemOutcome, number>>;
  total: number;
  /** Pages at once, at most. */
  parallel: number;
  /** As far as the pages so far tell; absent before the first one. */
  secondsLeft?: number;
}

export interface RunReport {
  counts: Readonly<Record<ItemOutcome, number>>;
  total: number;
  /** Of the pages that were written, those that have passed the check. */
  passed: number;
  failures: readonly { item: PageSubject; reason: string }[];
  /** Pages that somebody has changed: the new ones wait beside them. */
  proposals: readonly { item: PageSubject; page: string; proposal: string }[];
  /** Sources that are no longer there. */
  gone: readonly PageIdentity[];
  /** It was stopped before its end. */
  isStopped: boolean;
}

export type RunEvent =
  | { type: 'item'; item: PageSubject; outcome: ItemOutcome; path?: string; reason?: string }
  | { type: 'progress'; progress: RunProgress }
  | { type: 'ended'; report: RunReport };

/** What a run works with. */
export interface RunDependencies extends WriterDependencies {
  store: PageStore;
  /** What the page of an item is made from; `undefined`: its source is no longer there. */
  materialOf(item: PageSubject, signal: AbortSignal): Promise<PageMaterial | undefined>;
  /** Most pages at once, as the settings have it now. */
  mostParallel(): number;
  /** A sentence about an error. */
  describe(error: unknown): string;
  /** Milliseconds. */
  now?: () => number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunHandle {
  readonly progress: RunProgress;
  /** Resolves when the last page is done, or after `stop`. Never rejects. */
  readonly ended: Promise<RunReport>;
  /** The page in hand is interrupted at once, and goes on with `resume`. */
  pause(reason?: PauseReason): void;
  /** @param reason only where the run is paused for this one */
  resume(reason?: PauseReason): void;
  /**
   * What is not written yet is left for another run.
   * @param options `byUser` unless the window closes: then the next one offers to go on
   */
  stop(options?: { byUser: boolean }): Promise<RunReport>;
  /** @returns ends it */
  onEvent(listener: (event: RunEvent) => void): () => void;
}
