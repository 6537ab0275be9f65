/** The messages between the processes of a benchmark (structured clones, so that times can be `bigint`). */

/** `node-fetch` is the bare package, which shows its share of our cost. */
export type ContenderName = 'codeworm' | 'raw' | 'ollama' | 'node-fetch';

/** How tokens are sent: each line as a separate chunk, or many in one. */
export type Layout = 'line' | 'packed';

/** Times are `process.hrtime.bigint()`, one clock for all processes of a machine. */
export type FromServer =
  | { type: 'listening'; url: string }
  | { type: 'connection' }
  /** A request that will be aborted has reached its phase. */
  | { type: 'reached'; prompt: string }
  | { type: 'closed'; prompt: string; at: bigint };

/** A task for a client process. */
export type Task =
  | { type: 'stream'; layout: Layout; tokens: number; warmUp: number }
  | { type: 'requests'; count: number; parallel: number; tokens: number; warmUp: number }
  | { type: 'memory'; tokens: number; warmUp: number }
  | { type: 'abort'; phase: AbortPhase; id: number };

export type AbortPhase = 'headers' | 'first' | 'middle';

export type ToClient = { type: 'task'; task: Task } | { type: 'abortNow' };

export type FromClient =
  | { type: 'ready' }
  | { type: 'measured'; measure: Measure }
  | { type: 'aborted'; at: bigint }
  | { type: 'failed'; reason: string };

/** The measurements of a client process; only those of its task. */
export interface Measure {
  /** Processor time, user and system. */
  cpuMs: number;
  wallMs: number;
  /** Growth of the resident memory, in bytes. */
  rssBytes: number;
  /** Number of events and characters received, to check that the contenders did the same work. */
  parts: number;
  chars: number;
}
