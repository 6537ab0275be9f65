import { setTimeout as sleep } from 'node:timers/promises';
import { checkAbilities, readAsk, type Ask, type Flavour } from './ask.ts';
import { sendJson, type Exchange } from './exchange.ts';
import { checkFormat } from './refusals.ts';
import { bareAnswer, renderedAnswer } from './lines.ts';
import { isOlder } from './models.ts';
import { contextSizeText, imagesText, Problem, runnerDiedText, shiftText } from './problems.ts';
import type { Runner } from './runner.ts';
import { renderPrompt, truncatedLength } from './tokens.ts';
import { AnswerWriter } from './writer.ts';

/** POST /api/generate and POST /api/chat. */
export async function generate(exchange: Exchange, flavour: Flavour): Promise<void> {
  const { scheduler, request, signal } = exchange;
  const startedAt = performance.now();
  const ask = readAsk(exchange, flavour);
  if (ask.empty && ask.keepAliveMs === 0) {
    scheduler.expire(ask.model.name);
    return sendJson(exchange, 200, bareAnswer(ask, 'unload'));
  }
  checkAbilities(ask, request.body);
  request.model = ask.model.name;
  const runner = await scheduler.acquire({
    request,
    model: ask.model,
    numCtx: ask.numCtx,
    key: ask.runnerKey,
    signal,
  });
  try {
    const loadMs = performance.now() - startedAt;
    if (ask.empty) await sendJson(exchange, 200, bareAnswer(ask, 'load'));
    else if (request.body['_debug_render_only'] === true)
      await sendJson(exchange, 200, renderedAnswer(ask, renderPrompt(ask.parts)));
    else await runAlone(exchange, ask, runner, { startedAt, loadMs });
  } finally {
    scheduler.release(runner, ask.keepAliveMs);
  }
}

export interface Timing {
  startedAt: number;
  loadMs: number;
}

/**
 * Answers with a loaded model. Occupies a slot of the runner while it works, and turns its death into the
 * server's error.
 */
export async function runAlone(exchange: Exchange, ask: Ask, runner: Runner, timing: Timing): Promise<void> {
  const signal = AbortSignal.any([exchange.signal, runner.died.signal]);
  const alone: Exchange = { ...exchange, signal };
  try {
    await exchange.scheduler.takeSlot(runner, exchange.request, signal);
    try {
      await run(alone, ask, runner, timing);
    } finally {
      runner.freeSlot();
    }
  } catch (error) {
    if (!runner.died.signal.aborted || exchange.signal.aborted) throw error;
    await fail(exchange, ask, new Problem(500, runnerDiedText));
  }
}

async function run(exchange: Exchange, ask: Ask, runner: Runner, timing: Timing): Promise<void> {
  try {
    const promptTokens = readPrompt(exchange, ask, runner);
    const cachedTokens = runner.cachedTokens(promptTokens);
    const readingNs = await read(exchange, promptTokens.length - cachedTokens);
    const before = { ...timing, promptTokens, cachedTokens, readingNs };
    const writer = new AnswerWriter(exchange, ask, runner, before);
    await writer.write();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await fail(exchange, ask, error);
  }
}

/** A runner's error: a response before the first token, a line of the stream after it. */
async function fail(exchange: Exchange, ask: Ask, problem: Problem): Promise<void> {
  const { request, output } = exchange;
  if (request.status === undefined) {
    throw new Problem(problem.status, problem.message, ask.stream ? 'runner' : 'plain');
  }
  await output.write(ask.encoder.failure(problem));
  request.enter('failed');
  await output.end();
}

/** The tokens of the prompt, truncated as by the server. */
function readPrompt(exchange: Exchange, ask: Ask, runner: Runner): string[] {
  checkFormat(ask.format);
  if (ask.hasImages && !ask.model.capabilities.includes('vision')) throw new Problem(400, imagesText());
  const tokens = exchange.settings.tokenize(renderPrompt(ask.parts));
  if (tokens.length <= runner.numCtx) return tokens;
  if (!ask.truncate)
    throw new Problem(400, tooLongText(exchange.settings.version, tokens.length, runner.numCtx));
  if (!ask.shift) throw new Problem(400, shiftText);
  const kept = truncatedLength(runner.numCtx);
  return [...tokens.slice(0, 4), ...tokens.slice(4 - kept)];
}

/**
 * The version that separates the two texts is a guess: it is only known that older servers have the short
 * one.
 */
function tooLongText(version: string, tokens: number, numCtx: number): string {
  return isOlder(version, '0.30.0')
    ? 'the input length exceeds the context length'
    : contextSizeText(tokens, numCtx);
}

/** Reads what the runner has not read before. Resolves with the time in ns. */
async function read(exchange: Exchange, unread: number): Promise<number> {
  const { settings, gates, request, signal } = exchange;
  request.enter('reading');
  await gates.pass('reading', request, signal);
  const ms = (unread * 1000) / settings.readingSpeed;
  if (ms > 0) await sleep(ms, undefined, { signal });
  return Math.max(1, Math.round((unread * 1e9) / Math.min(settings.readingSpeed, nominalReadingSpeed)));
}

/** Tokens per second that an infinitely fast double reports in its durations. */
const nominalReadingSpeed = 5000;
