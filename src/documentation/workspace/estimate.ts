import type { MeasuredSpeed } from '../../models/speeds.ts';
import type { PlanItem } from './planItem.ts';

export interface Estimate {
  pages: number;
  promptTokens: number;
  writtenTokens: number;
  /** `undefined` when nothing was measured for this model. */
  seconds?: number;
}

/** Tokens of an average page, before a measurement of this model. */
const usualPageTokens = 700;
/** Tokens of system prompt and instruction. */
const instructionTokens = 400;
/** Average tokens of a line of code. */
const tokensPerLine = 10;

/**
 * Estimates the cost of the chosen pages. The server reads a file once for all pages about it, which a run writes in
 * succession. Of a file that does not fit the context window, each page sends another part.
 * @param numCtx tokens of the context window
 * @param fileLines number of lines of a file
 */
export function estimateOf(
  items: readonly PlanItem[],
  fileLines: (path: string) => number,
  numCtx: number,
  speed: MeasuredSpeed | undefined,
): Estimate {
  const pageTokens = speed?.pageTokens ?? usualPageTokens;
  const room = Math.max(instructionTokens, numCtx - pageTokens);
  let [promptTokens, readTokens] = [0, 0];
  const read = new Set<string>();
  for (const { path, lines } of items) {
    const whole = Math.max(fileLines(path), lines.end - lines.start + 1) * tokensPerLine;
    const needed = whole + instructionTokens;
    const sent = Math.min(room, needed);
    promptTokens += sent;
    readTokens += read.has(path) && needed <= room ? instructionTokens : sent;
    read.add(path);
  }
  const writtenTokens = items.length * pageTokens;
  return {
    pages: items.length,
    promptTokens,
    writtenTokens,
    ...(speed && {
      seconds: readTokens / speed.promptPerSecond + writtenTokens / speed.writtenPerSecond,
    }),
  };
}
