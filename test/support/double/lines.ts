import type { Ask } from './ask.ts';
import { encodeJson } from './json.ts';
import { goDate } from './models.ts';
import type { Piece } from './pieces.ts';
import { tokenId } from './tokens.ts';
import type { ToolCallSpec } from './types.ts';

type Line = Record<string, unknown>;

/** The counts in the final line. */
export interface Tally {
  reason: 'stop' | 'length';
  promptTokens: string[];
  /** The first tokens among them that were in the cache. */
  cachedTokens: number;
  answerTokens: string[];
  /** All in nanoseconds. */
  totalNs: number;
  loadNs: number;
  readingNs: number;
  writingNs: number;
}

/** One token of a streamed answer, as a line. */
export function pieceLine(ask: Ask, piece: Piece): string {
  const said = piece.thinking ? { thinking: piece.text } : { text: piece.text };
  return `${encodeJson({ ...start(ask), ...content(ask, said), done: false })}\n`;
}

/** The tool calls of a streamed answer, as a line. */
export function callsLine(ask: Ask, calls: ToolCallSpec[]): string {
  return `${encodeJson({ ...start(ask), ...content(ask, { calls }), done: false })}\n`;
}

/** Content of an answer besides the fields of every line. */
export interface Content {
  text?: string;
  thinking?: string;
  calls?: ToolCallSpec[];
}

/** The last line, or with its content the whole response of a request that is not streamed. */
export function finalAnswer(ask: Ask, tally: Tally, whole: Content = {}): Line {
  return {
    ...start(ask),
    ...content(ask, whole),
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

/** The response to an empty prompt. */
export function bareAnswer(ask: Ask, reason: 'load' | 'unload'): Line {
  return { ...start(ask), ...content(ask, {}), done: true, done_reason: reason };
}

/** The rendered prompt, instead of an answer. */
export function renderedAnswer(ask: Ask, rendered: string): Line {
  return {
    ...start(ask),
    ...content(ask, {}),
    done: false,
    _debug_info: { rendered_template: rendered },
  };
}

function start(ask: Ask): Line {
  return { model: ask.modelName, created_at: goDate(Date.now()) };
}

function content(ask: Ask, { text = '', thinking = '', calls = [] }: Content): Line {
  const extra = {
    ...(thinking === '' ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(callField) }),
  };
  return ask.flavour === 'chat'
    ? { message: { role: 'assistant', content: text, ...extra } }
    : { response: text, ...extra };
}

function callField({ name, arguments: args, id }: ToolCallSpec, index: number): Line {
  const own = id ?? `call_${Math.random().toString(36).slice(2, 10)}`;
  return { id: own, function: { index, name, arguments: args } };
}

function context(ask: Ask, tally: Tally): Line {
  if (ask.flavour === 'chat' || ask.parts.raw) return {};
  return { context: [...tally.promptTokens, ...tally.answerTokens].map(tokenId) };
}
