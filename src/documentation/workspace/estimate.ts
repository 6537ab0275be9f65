import type { MeasuredSpeed } from '../../models/speeds.ts';
import type { PlanItem } from './planItem.ts';

export interface Estimate {
  pages: number;
  promptTokens: number;
  writtenTokens: number;
  /** `undefined` where nothing of this model has been measured. */
  seconds?: number;
}

/** What a page has come to with models of all sizes, where none of this one has been measured. */
const usualPageTokens = 700;
/** System prompt and instruction. */
const instructionTokens = 400;
/** A line of code, on average. */
const tokensPerLine = 10;

/**
 * What the chosen pages will cost. The server reads a file once for all pages about it that follow one another; of a long
 * file, only what fits into the window is sent.
 * @param numCtx tokens of the context window
 * @param fileLines lines of a file
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
    const sent = Math.min(room, whole + instructionTokens);
    promptTokens += sent;
    readTokens += read.has(path) ? Math.min(sent, instructionTokens) : sent;
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
