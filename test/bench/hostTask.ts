/** What is measured in the extension host, and the figures that the module there reports. */

/** Tokens per second of the steady stream. */
export const tokensPerSecond = 200;

export const task = {
  rounds: 3,
  /** 5 s. */
  pacedTokens: 1000,
  fastTokens: 100_000,
  warmUp: { pacedTokens: 200, fastTokens: 20_000 },
  /** Milliseconds for which an idle extension host is observed. */
  idleMs: 2000,
};

/** Start of the line with the figures in the extension host's output. */
export const marker = 'bench figures: ';

/** The command "Explain" of the extension, and a bare loop that appends what it reads. */
export type HostContender = 'codeworm' | 'raw';

/** All in milliseconds. */
export interface HostFigures {
  /** From the server's write of a token to `append`: median and 99th percentile. */
  median: number;
  percentile99: number;
  /** Longest time for which the event loop was blocked during an answer at full speed. */
  longestBlock: number;
  /** Duration of that answer. */
  fastMs: number;
}

export interface HostRound extends Record<HostContender, HostFigures> {
  /** Longest time for which the event loop was blocked while idle. */
  longestIdleBlock: number;
}
