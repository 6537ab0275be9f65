import type { Ask } from './ask.ts';
import { encodeJson } from './json.ts';
import { callsLine, finalAnswer, pieceLine, type Content, type Tally } from './lines.ts';
import type { Headers } from './output.ts';
import type { Piece } from './pieces.ts';
import type { Problem } from './problems.ts';
import type { ToolCallSpec } from './types.ts';

/** How a protocol writes an answer. Each text of a streamed one is a separate write. */
export interface AnswerEncoder {
  /** Headers of a stream. */
  headers: Headers;
  piece: (ask: Ask, piece: Piece, isFirst: boolean) => string;
  calls: (ask: Ask, calls: ToolCallSpec[]) => string[];
  end: (ask: Ask, tally: Tally) => string[];
  /** An error inside a stream. */
  failure: (problem: Problem) => string;
  /** The response to a request that is not streamed. */
  whole: (ask: Ask, tally: Tally, content: Content) => Record<string, unknown>;
}

export const ollamaEncoder: AnswerEncoder = {
  headers: { 'Content-Type': 'application/x-ndjson' },
  piece: (ask, piece) => pieceLine(ask, piece),
  calls: (ask, calls) => [callsLine(ask, calls)],
  end: (ask, tally) => [`${encodeJson(finalAnswer(ask, tally))}\n`],
  failure: (problem) => `${encodeJson(problem.body)}\n`,
  whole: finalAnswer,
};
