import type { GenerateRequest, GenerationResult, StreamEvent } from '../ollama/index.ts';
import {
  buildInfillRequest,
  suffixBudget,
  trimSuggestion,
  wholeLines,
  type InfillRequest,
  type Neighbor,
} from './engine/index.ts';
import type { InfillChoice } from './infillModel.ts';
import { wantsLines, type Place } from './place.ts';
import type { ReadingSpeed } from './readingSpeed.ts';
import type { SuggestionRun } from './run.ts';

/** The part of a client that suggestions need. */
export interface StreamingClient {
  stream: (request: GenerateRequest) => AsyncGenerator<StreamEvent, GenerationResult, void>;
}

/** What is asked, and what for. */
export interface AskedPlace {
  place: Place;
  model: InfillChoice;
  speed: ReadingSpeed;
  neighbors: readonly Neighbor[];
  /** Told of what comes; without one, the prompt is only read. */
  run?: SuggestionRun;
  /** Nothing is asked where the server need not read so many characters. */
  leastUnread?: number;
}

/** An answer to one request. */
export interface Answered {
  /** What is shown; empty when nothing is worth it. */
  text: string;
  model: string;
  /** From the request to the suggestion. */
  waitMs: number;
  loadMs: number;
  /** The part of the prompt that the server need not read, 0 to 1. */
  reused: number;
  promptTokens: number;
}

/**
 * Constant, not what the client has learned: a prompt that is cut elsewhere because the average has moved is read as a
 * whole again. Code has more characters in a token, so that this is on the safe side.
 */
export const charsPerToken = 3;
/** Where the suffix comes first, it is read once. */
const suffixFirstTokens = 512;
/** Tokens of an answer: of one line, of a block, and by hand. */
const mostTokens = { line: 96, block: 160, byHand: 320 };
/** Lines of an answer that are left out at its end before it is known that the rest is, too. */
const sureLines = 2;

/**
 * Asks the model for what stands at a place.
 * @returns undefined where nothing had to be read
 * @throws InfillTokenError; OllamaError; the signal's reason
 */
export async function askModel(
  client: StreamingClient,
  asked: AskedPlace,
  signal: AbortSignal,
): Promise<Answered | undefined> {
  const { place, model, speed, run, leastUnread = 0 } = asked;
  const request = infillRequest(asked);
  const sent = request.prompt + (request.suffix ?? '');
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
    signal,
  });
  const { text, result } = await collect(stream, place, run);
  const { promptTokens: tokens, promptDurationMs: durationMs = 0 } = result ?? {};
  if (tokens !== undefined) speed.noteAnswer({ tokens, durationMs }, reused);
  return {
    text: shownText(text, place, result?.doneReason === 'length'),
    model: model.name,
    waitMs: performance.now() - started,
    loadMs: result?.loadDurationMs ?? 0,
    reused,
    promptTokens: result?.promptTokens ?? Math.round(sent.length / charsPerToken),
  };
}

function infillRequest({ place, model, speed, neighbors }: AskedPlace): InfillRequest {
  const isSuffixFirst = model.format.order === 'suffix-first';
  return buildInfillRequest(
    model.format,
    { ...place, neighbors },
    {
      prefixTokens: speed.prefixTokens(place.document),
      suffixTokens: isSuffixFirst ? suffixFirstTokens : suffixBudget(speed.tokensPerSecond),
      charsPerToken,
    },
  );
}

/** Always the likeliest token. Of sampling options none has the server load the model again. */
function optionsFor(place: Place, { stop }: InfillRequest, run: SuggestionRun | undefined) {
  if (!run) return { temperature: 0, maxTokens: 1 };
  const isLine = !wantsLines(place);
  const maxTokens = place.byHand ? mostTokens.byHand : isLine ? mostTokens.line : mostTokens.block;
  return { temperature: 0, maxTokens, stop: isLine ? [...stop, '\n'] : stop };
}

/** Reads until the answer ends, or until it is certain that nothing more of it is shown. */
async function collect(
  stream: AsyncGenerator<StreamEvent, GenerationResult, void>,
  place: Place,
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
      if (event.text.includes('\n') && isOver(text, place)) return { text };
    }
  } finally {
    await stream.return(undefined as never);
  }
}

/** Whether lines at the end of what has come are left out: those that follow would be, too. */
function isOver(text: string, place: Place): boolean {
  const whole = wholeLines(text);
  return countLines(whole) - countLines(shownText(whole, place, false)) >= sureLines;
}

function countLines(text: string): number {
  return text.split('\n').length;
}

function shownText(text: string, place: Place, isCut: boolean): string {
  const { prefix, suffix, languageId, byHand } = place;
  return trimSuggestion(isCut ? wholeLines(text) : text, { prefix, suffix, languageId, multiline: byHand });
}
