import type { GenerateRequest, GenerationResult, StreamEvent } from '../ollama/index.ts';
import {
  buildInfillRequest,
  suffixBudget,
  trimmerFor,
  wholeLines,
  type InfillRequest,
  type Neighbor,
  type TrimContext,
} from './engine/index.ts';
import { rankOf } from '../generation/priorities.ts';
import type { InfillChoice } from './infillModel.ts';
import { wantsLines, type Place } from './place.ts';
import type { ReadingSpeed } from './readingSpeed.ts';
import type { SuggestionRun } from './run.ts';

/** The part of a client that suggestions need. */
export interface StreamingClient {
  stream: (request: GenerateRequest) => AsyncGenerator<StreamEvent, GenerationResult, void>;
  /** Tokens of a model's context window. */
  numCtxFor?: (model: string) => number;
}

/** A position with everything for its request. */
export interface AskedPlace {
  place: Place;
  model: InfillChoice;
  speed: ReadingSpeed;
  neighbors: readonly Neighbor[];
  /** Receives the text; without it, the prompt is only read into the cache. */
  run?: SuggestionRun;
  /** With fewer unread characters, nothing is sent. */
  leastUnread?: number;
}

/** The answer to one request. */
export interface Answered {
  /** The text to show; empty when nothing is worth showing. */
  text: string;
  model: string;
  /** Milliseconds from the request to the suggestion. */
  waitMs: number;
  loadMs: number;
  /** The share of the prompt that was in the server's cache, 0 to 1. */
  reused: number;
  promptTokens: number;
}

/**
 * A constant instead of the measured value: a prompt cut at another position would be read completely again.
 * Code has more characters per token, so this is safe.
 */
export const charsPerToken = 3;
/** With the suffix first, it is read only once. */
const suffixFirstTokens = 512;
/** Most tokens of an answer: for one line, for a block, and on request. */
const mostTokens = { line: 96, block: 160, byHand: 320 };
/** Shares of the context window: for the suffix at most, and for everything if tokens are short. */
const suffixShare = 1 / 8;
const windowShare = 3 / 4;
/**
 * llama-server cuts the prefix at three quarters and the suffix at a quarter of this, its usual number of tokens
 * read at once. A prefix cut at its start would be read again for each key. Other files get what its context
 * window has besides.
 */
const serverBatch = 2048;
const mostOfServer = { prefix: 1024, suffix: 320 };
/** Lines omitted at the end of an answer before the rest is known to be omitted too. */
const sureLines = 2;

/**
 * Asks the model for the text at a position.
 * @returns undefined when nothing had to be read
 * @throws InfillTokenError; OllamaError; the signal's reason
 */
export async function askModel(
  client: StreamingClient,
  asked: AskedPlace,
  signal: AbortSignal,
): Promise<Answered | undefined> {
  const { place, model, speed, run, leastUnread = 0 } = asked;
  const request = infillRequest(asked, client.numCtxFor?.(model.name) ?? Infinity);
  const sent = textOf(request);
  const reused = speed.reusedShare(sent);
  if (sent.length * (1 - reused) < leastUnread) return undefined;
  speed.noteSent(sent);
  const started = performance.now();
  const { repeatPenalty } = model.format;
  const stream = client.stream({
    ...request,
    ...optionsFor(place, request, run),
    ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
    model: model.name,
    priority: rankOf(run ? 'suggestion' : 'warming'),
    signal,
  });
  const trim = trimmerFor(trimmingContext(place));
  const { text, result } = await collect(stream, trim, run);
  const { promptTokens: tokens, cachedTokens, promptDurationMs: durationMs = 0 } = result ?? {};
  const known = cachedTokens !== undefined && tokens ? Math.min(1, cachedTokens / tokens) : reused;
  if (tokens !== undefined) speed.noteAnswer({ text: sent, tokens, durationMs }, known);
  return {
    text: trim(result?.doneReason === 'length' ? wholeLines(text) : text),
    model: model.name,
    waitMs: performance.now() - started,
    loadMs: result?.loadDurationMs ?? 0,
    reused: known,
    promptTokens: result?.promptTokens ?? Math.round(sent.length / charsPerToken),
  };
}

/** In the order in which a server reads it. */
function textOf({ prompt, suffix = '', extra = [] }: InfillRequest): string {
  return extra.map(({ path, text }) => `${path}\n${text}\n`).join('') + prompt + suffix;
}

function infillRequest({ place, model, speed, neighbors }: AskedPlace, numCtx: number): InfillRequest {
  const { order, via } = model.format;
  const most = via === 'infill' ? mostOfServer : { prefix: Infinity, suffix: Infinity };
  const suffixTokens = Math.min(
    order === 'suffix-first' ? suffixFirstTokens : suffixTokensFor(speed),
    most.suffix,
    Math.floor(numCtx * suffixShare),
  );
  // Constant for a model, because another size would be read completely again.
  const left = Math.floor((numCtx * (1 - suffixShare) - mostTokens.byHand) * windowShare);
  const prefixTokens = Math.min(speed.prefixTokens(place.document), most.prefix, Math.max(0, left));
  const extraTokens = Math.max(0, Math.floor((numCtx - serverBatch - 2 * mostTokens.byHand) * windowShare));
  return buildInfillRequest(
    model.format,
    { ...place, neighbors },
    { prefixTokens, suffixTokens, charsPerToken, extraTokens },
  );
}

/** Fewer for a text with short tokens. The suffix is read again for every key, so its end may move. */
function suffixTokensFor({ tokensPerSecond, charsPerToken: measured = charsPerToken }: ReadingSpeed): number {
  return suffixBudget(tokensPerSecond) * Math.min(1, measured / charsPerToken);
}

/** Always chooses the most likely token. No sampling option makes the server reload the model. */
function optionsFor(place: Place, { stop }: InfillRequest, run: SuggestionRun | undefined) {
  if (!run) return { temperature: 0, maxTokens: 1 };
  const isLine = !wantsLines(place);
  const maxTokens = place.byHand ? mostTokens.byHand : isLine ? mostTokens.line : mostTokens.block;
  return { temperature: 0, maxTokens, stop: isLine ? [...stop, '\n'] : stop };
}

/** Reads until the answer ends, or until nothing more of it can be shown. */
async function collect(
  stream: AsyncGenerator<StreamEvent, GenerationResult, void>,
  trim: (text: string) => string,
  run: SuggestionRun | undefined,
): Promise<{ text: string; result?: GenerationResult }> {
  let text = '';
  try {
    for (;;) {
      const next = await stream.next();
      if (next.done) return { text, result: next.value };
      const { value: event } = next;
      if (event.type !== 'text') continue;
      text += event.text;
      run?.add(event.text);
      if (event.text.includes('\n') && isOver(text, trim)) return { text };
    }
  } finally {
    await stream.return(undefined as never);
  }
}

/** Whether the last lines are omitted, so that further ones would be omitted too. */
function isOver(text: string, trim: (text: string) => string): boolean {
  const whole = wholeLines(text);
  const lines = countLines(whole);
  return lines > sureLines && lines - countLines(trim(whole)) >= sureLines;
}

function countLines(text: string): number {
  return text.split('\n').length;
}

/** The context for trimming and finding suggestions. */
export function trimmingContext({ prefix, suffix, languageId, byHand }: Place): TrimContext {
  return { prefix, suffix, languageId, multiline: byHand };
}
