import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Ask } from './ask.ts';
import { sendHead, sendJson, type Exchange } from './exchange.ts';
import type { Tally } from './lines.ts';
import { PieceSource, RepeatGuard, StopFilter } from './pieces.ts';
import { Problem } from './problems.ts';
import type { Runner } from './runner.ts';
import type { AnswerFunction, AnswerRequest, ToolCallSpec } from './types.ts';

/** Tokens per second that an infinitely fast double reports in its durations. */
const nominalWritingSpeed = 1000;

interface Before {
  startedAt: number;
  loadMs: number;
  promptTokens: string[];
  cachedTokens: number;
  readingNs: number;
}

/** How the answer ended: `repeated` ends without a final line. */
type Ending = 'stop' | 'length' | 'repeated';

/** Writes one answer, token by token. */
export class AnswerWriter {
  readonly #exchange: Exchange;
  readonly #ask: Ask;
  readonly #runner: Runner;
  readonly #before: Before;
  readonly #limit: number;
  readonly #guard = new RepeatGuard();
  readonly #tokens: string[] = [];
  #calls: ToolCallSpec[] = [];
  #text = '';
  #thinking = '';
  #firstAt = 0;

  constructor(exchange: Exchange, ask: Ask, runner: Runner, before: Before) {
    this.#exchange = exchange;
    this.#ask = ask;
    this.#runner = runner;
    this.#before = before;
    this.#limit = this.#tokenLimit();
  }

  async write(): Promise<void> {
    const { gates, request, signal, settings } = this.#exchange;
    let ending: Ending = 'stop';
    try {
      if (this.#ask.thinks) ending = await this.#writePart(settings.thinking, true);
      if (ending === 'stop' && !(await this.#callTools()))
        ending = await this.#writePart(settings.answer, false);
      await gates.pass('final', request, signal);
    } finally {
      this.#runner.remember([...this.#before.promptTokens, ...this.#tokens]);
    }
    await this.#finish(ending);
  }

  /**
   * 0 means no limit, negative or absent ten times the context window. Without shifting, the context window
   * is a limit too.
   */
  #tokenLimit(): number {
    const { options, shift } = this.#ask;
    const asked = typeof options['num_predict'] === 'number' ? Math.trunc(options['num_predict']) : -1;
    const limit = asked === 0 ? Infinity : asked < 0 ? 10 * this.#runner.numCtx : asked;
    const room = shift ? Infinity : this.#runner.numCtx - this.#before.promptTokens.length;
    return Math.min(limit, room);
  }

  async #writePart(make: AnswerFunction, thinking: boolean): Promise<Ending> {
    const { settings, signal } = this.#exchange;
    const answer = await orProblem(() => make(this.#asked()));
    const source = new PieceSource(answer, settings.tokenize, signal);
    try {
      return await this.#copy(source, new StopFilter(thinking ? [] : this.#ask.stop), thinking);
    } finally {
      source.close();
    }
  }

  #asked(): AnswerRequest {
    const { modelName, parts, options, tools, lastRole } = this.#ask;
    const { prompt, system, suffix } = parts;
    return {
      model: modelName,
      prompt,
      system,
      suffix,
      options,
      tools,
      lastRole,
      request: this.#exchange.request,
    };
  }

  /** Whether the model calls tools instead of writing an answer. */
  async #callTools(): Promise<boolean> {
    if (this.#ask.tools.length === 0) return false;
    this.#calls = await orProblem(() => this.#exchange.settings.toolCalls(this.#asked()));
    if (this.#calls.length === 0) return false;
    if (this.#ask.stream) {
      await this.#begin();
      for (const text of this.#ask.encoder.calls(this.#ask, this.#calls))
        await this.#exchange.output.write(text);
    }
    this.#tokens.push('<tool_call>', '</tool_call>');
    return true;
  }

  async #copy(source: PieceSource, filter: StopFilter, thinking: boolean): Promise<Ending> {
    for (;;) {
      const next = source.next();
      const text = next instanceof Promise ? await orProblem(() => next, this.#exchange.signal) : next;
      if (text === undefined) break;
      if (this.#exchange.settings.repeatGuard && this.#guard.isTooMuch(text)) return 'repeated';
      const ready = filter.push(text);
      if (ready !== undefined) await this.#piece(ready, thinking);
      if (filter.stopped) return 'stop';
      if (ready !== undefined && this.#tokens.length >= this.#limit) return 'length';
    }
    const rest = filter.rest();
    if (rest !== undefined) await this.#piece(rest, thinking);
    return 'stop';
  }

  async #piece(text: string, thinking: boolean): Promise<void> {
    const { gates, request, signal, output } = this.#exchange;
    await this.#pace();
    await gates.pass({ afterTokens: this.#tokens.length }, request, signal);
    signal.throwIfAborted();
    if (this.#tokens.length === 0) this.#firstAt = performance.now();
    if (thinking) this.#thinking += text;
    else this.#text += text;
    if (this.#ask.stream) {
      await this.#begin();
      await output.write(this.#ask.encoder.piece(this.#ask, { text, thinking }, this.#tokens.length === 0));
    }
    this.#tokens.push(text);
    request.tokensWritten++;
    request.notify();
  }

  /** The headers are sent with the first line, not before. */
  async #begin(): Promise<void> {
    if (this.#exchange.request.status !== undefined) return;
    await sendHead(this.#exchange, 200, this.#ask.encoder.headers);
  }

  async #pace(): Promise<void> {
    const { writingSpeed, linesPerPacket } = this.#exchange.settings;
    const written = this.#tokens.length;
    if (written === 0) return;
    if (writingSpeed === Infinity) {
      if (written % linesPerPacket === 0) await turn();
      return;
    }
    const ms = this.#firstAt + (written * 1000) / writingSpeed - performance.now();
    if (ms > 0) await sleep(ms, undefined, { signal: this.#exchange.signal });
  }

  async #finish(ending: Ending): Promise<void> {
    const { output, request } = this.#exchange;
    const tally = this.#tally(ending === 'length' ? 'length' : 'stop');
    if (!this.#ask.stream)
      return sendJson(
        this.#exchange,
        200,
        this.#ask.encoder.whole(this.#ask, tally, {
          text: this.#text,
          thinking: this.#thinking,
          calls: this.#calls,
        }),
      );
    if (this.#tokens.length > 0) await this.#pace();
    await this.#begin();
    if (ending === 'repeated') request.enter('failed');
    else for (const text of this.#ask.encoder.end(this.#ask, tally)) await output.write(text);
    await output.end();
  }

  #tally(reason: 'stop' | 'length'): Tally {
    const { startedAt, loadMs, promptTokens, cachedTokens, readingNs } = this.#before;
    const speed = Math.min(this.#exchange.settings.writingSpeed, nominalWritingSpeed);
    const loadNs = Math.max(1, Math.round(loadMs * 1e6));
    const writingNs = Math.max(1, Math.round((this.#tokens.length * 1e9) / speed));
    const elapsedNs = Math.round((performance.now() - startedAt) * 1e6);
    const totalNs = Math.max(elapsedNs, loadNs + readingNs + writingNs);
    const counted = { promptTokens, cachedTokens, answerTokens: this.#tokens };
    return { reason, ...counted, totalNs, loadNs, readingNs, writingNs };
  }
}

/** An answer function that throws is a runner's error, unless the client has disconnected. */
async function orProblem<T>(make: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (signal?.aborted || error instanceof Problem) throw error;
    throw new Problem(500, error instanceof Error ? error.message : String(error));
  }
}
