/** What the processes of a benchmark tell each other (structured clones, so that times can be `bigint`). */

/** `node-fetch` is the bare package, to see what of our cost is its own. */
export type ContenderName = 'codeworm' | 'raw' | 'ollama' | 'node-fetch';

/** How tokens come: each line its own write and chunk, or many in one. */
export type Layout = 'line' | 'packed';

/** Times are `process.hrtime.bigint()`, one clock for all processes of a machine. */
export type FromServer =
  | { type: 'listening'; url: string }
  | { type: 'connection' }
  /** A request that is meant to be aborted has come so far. */
  | { type: 'reached'; prompt: string }
  | { type: 'closed'; prompt: string; at: bigint };

/** What a client process is to do and to measure. */
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

/** What a client process measured; only what its task is about. */
export interface Measure {
  /** Processor time, user and system. */
  cpuMs: number;
  wallMs: number;
  /** Growth of the resident memory, in bytes. */
  rssBytes: number;
  /** Parts and characters that arrived, to see that the contenders did the same work. */
  parts: number;
  chars: number;
}
