/** What is measured in the extension host, and what the module there tells. */

/** Tokens of the steady stream. */
export const tokensPerSecond = 200;

export const task = {
  rounds: 3,
  /** 5 s. */
  pacedTokens: 1000,
  fastTokens: 100_000,
  warmUp: { pacedTokens: 200, fastTokens: 20_000 },
  /** Milliseconds for which the extension host is watched doing nothing. */
  idleMs: 2000,
};

/** Begins the line with the figures in the extension host's output. */
export const marker = 'bench figures: ';

/** The command "Explain" of the extension, and a bare loop that appends what it reads. */
export type HostContender = 'codeworm' | 'raw';

/** All in milliseconds. */
export interface HostFigures {
  /** From the server writing a token to `append`: median and 99th percentile. */
  median: number;
  percentile99: number;
  /** For how long the event loop was blocked at most while an answer came at full speed. */
  longestBlock: number;
  /** How long that answer took. */
  fastMs: number;
}

export interface HostRound extends Record<HostContender, HostFigures> {
  /** For how long the event loop was blocked at most with nothing to do. */
  longestIdleBlock: number;
}
