import type { AbortPhase, ContenderName, Measure, Task } from './protocol.ts';

/** A limit for our figure: relative to another contender, or absolute. */
export type Target =
  | { times: number; of: Exclude<ContenderName, 'codeworm'>; unit: string; most?: never }
  | { most: number; of?: never; unit: string };

/** One line of the table. */
export interface Row {
  name: string;
  unit: string;
  /** The task of each contender's child process. */
  task: Task;
  /** The figure of a round. */
  figure: (measure: Measure) => number;
  targets: Target[];
  /** A contender besides the three that every row has. */
  also?: ContenderName;
  /** Most connections that we may open in a round. */
  connections?: number;
}

const microseconds = (measure: Measure, count: number): number => (measure.cpuMs * 1000) / count;
const mebibyte = 1024 * 1024;

const tokens = 200_000;
const perToken = { unit: 'µs CPU/token', figure: (m: Measure) => microseconds(m, tokens) };
const streaming = { type: 'stream', tokens, warmUp: 20_000 } as const;

const requests = 2000;
const perRequest = { unit: 'µs CPU/request', figure: (m: Measure) => microseconds(m, requests) };
const asking = { type: 'requests', warmUp: 200 } as const;
const alsoBare = { also: 'node-fetch' } as const;
const wall = { unit: 'ms', figure: (m: Measure) => m.wallMs };

/** Rows about processor time, time or memory, and how much of it the client may use. */
export const rows: Row[] = [
  {
    name: '200,000 tokens, a line a packet',
    ...perToken,
    task: { ...streaming, layout: 'line' },
    targets: [{ times: 1.25, of: 'raw', unit: 'x raw' }],
  },
  {
    name: '200,000 tokens, packed',
    ...perToken,
    task: { ...streaming, layout: 'packed' },
    targets: [
      { times: 1.25, of: 'raw', unit: 'x raw' },
      { times: 0.6, of: 'ollama', unit: 'x ollama' },
    ],
  },
  {
    name: '2,000 requests of 10 tokens, one after another',
    ...perRequest,
    task: { ...asking, count: requests, parallel: 1, tokens: 10 },
    targets: [{ times: 0.75, of: 'ollama', unit: 'x ollama' }],
    connections: 1,
    ...alsoBare,
  },
  {
    name: '50 at once, 10 tokens each, 2,000 in all',
    ...wall,
    task: { ...asking, count: requests, parallel: 50, tokens: 10 },
    targets: [{ times: 1, of: 'ollama', unit: 'x ollama' }],
    ...alsoBare,
  },
  {
    name: '50 at once, 2,000 tokens each, 200 in all',
    ...wall,
    task: { ...asking, count: 200, warmUp: 50, parallel: 50, tokens: 2000 },
    targets: [{ times: 1, of: 'ollama', unit: 'x ollama' }],
  },
  {
    name: 'memory after 1,000,000 tokens',
    unit: 'MiB more RSS',
    task: { type: 'memory', tokens: 1_000_000, warmUp: 20_000 },
    figure: (m) => m.rssBytes / mebibyte,
    targets: [{ most: 32, unit: 'MiB' }],
  },
];

/** The moments of an abort, as named in the table. */
export const abortPhases: Record<AbortPhase, string> = {
  headers: 'before the headers',
  first: 'before the first token',
  middle: 'in mid-stream',
};
