import type { Ask } from './ask.ts';
import { encodeGoJson } from './goJson.ts';
import { goDate } from './models.ts';
import type { Piece } from './pieces.ts';
import { tokenId } from './tokens.ts';

type Line = Record<string, unknown>;

/** What the final line counts. */
export interface Tally {
  reason: 'stop' | 'length';
  promptTokens: string[];
  answerTokens: string[];
  /** All in nanoseconds. */
  totalNs: number;
  loadNs: number;
  readingNs: number;
  writingNs: number;
}

/** One token of a streamed answer, as a whole line. */
export function pieceLine(ask: Ask, piece: Piece): string {
  const text = piece.thinking ? '' : piece.text;
  return `${encodeGoJson({ ...start(ask), ...content(ask, text, piece.thinking ? piece.text : ''), done: false })}\n`;
}

/** The last line, or with text the whole answer of a request that does not stream. */
export function finalAnswer(ask: Ask, tally: Tally, text = '', thinking = ''): Line {
  return {
    ...start(ask),
    ...content(ask, text, thinking),
    done: true,
    done_reason: tally.reason,
    ...context(ask, tally),
    total_duration: tally.totalNs,
    load_duration: tally.loadNs,
    prompt_eval_count: tally.promptTokens.length,
    prompt_eval_duration: tally.readingNs,
    eval_count: tally.answerTokens.length,
    eval_duration: tally.writingNs,
  };
}

/** The answer to an empty prompt. */
export function bareAnswer(ask: Ask, reason: 'load' | 'unload'): Line {
  return { ...start(ask), ...content(ask, '', ''), done: true, done_reason: reason };
}

function start(ask: Ask): Line {
  return { model: ask.modelName, created_at: goDate(Date.now()) };
}

function content(ask: Ask, text: string, thinking: string): Line {
  const extra = thinking === '' ? {} : { thinking };
  return ask.flavour === 'chat'
    ? { message: { role: 'assistant', content: text, ...extra } }
    : { response: text, ...extra };
}

function context(ask: Ask, tally: Tally): Line {
  if (ask.flavour === 'chat' || ask.parts.raw) return {};
  return { context: [...tally.promptTokens, ...tally.answerTokens].map(tokenId) };
}
