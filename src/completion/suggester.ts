import { delay } from '../http/delay.ts';
import { OllamaError } from '../ollama/index.ts';
import { PreemptedError, type Level, type Priorities } from '../generation/priorities.ts';
import { pauseMs, SuggestionCache, type Neighbor } from './engine/index.ts';
import type { InfillChoice } from './infillModel.ts';
import { askModel, charsPerToken, type Answered, type StreamingClient } from './request.ts';
import { nextPlace } from './nextPlace.ts';
import { none, type Outcome } from './outcome.ts';
import { outcomeOfError } from './errors.ts';
import type { Place } from './place.ts';
import { ReadingSpeed } from './readingSpeed.ts';
import { SuggestionRun, type TextChange } from './run.ts';

/** What suggestions are made with. */
export interface SuggesterDependencies {
  priorities: Priorities;
  /** @throws NoSuggestionError; the signal's reason */
  model: (signal: AbortSignal) => Promise<InfillChoice>;
  /** Works with the client in force, which is not closed before the work is done. */
  use: <T>(work: (client: StreamingClient) => Promise<T>) => Promise<T>;
  /** Pieces of other files, the same ones while one types, within so many characters. */
  neighbors?: (place: Place, chars: number) => Promise<readonly Neighbor[]>;
  /** Told of every answer that came. */
  answered?: (answer: Answered) => void;
  /** Milliseconds between a key and the request; a test waits for none. */
  pauseMs?: (waitsMs: readonly number[]) => number;
}

/** Documents whose suggestions are remembered. */
const mostCaches = 20;
/** After a failure of the server, typing asks nothing for so many milliseconds. */
const restMs = 3_000;
/** What is asked in advance must not keep a slow machine busy. */
const slowWaitMs = 1_500;
const rememberedWaits = 10;
/** A wait says something about the next one only where this part of the prompt was in the server's cache. */
const telling = { reused: 0.5, loadMs: 100 };
/** Prompts with less to read (characters) need no reading in advance. */
const leastUnread = 400;

/** Makes suggestions: one request at a time, kept as long as what is typed agrees with it. */
export class Suggester {
  private readonly dependencies: SuggesterDependencies;
  private readonly caches = new Map<string, SuggestionCache>();
  private readonly speeds = new Map<string, ReadingSpeed>();
  private waits: number[] = [];
  private running: SuggestionRun | undefined;
  /** The last one that only reads. */
  private warming: SuggestionRun | undefined;
  private failure: { outcome: Outcome & { kind: 'none' }; at: number } | undefined;
  /** Where nothing good came: it is not asked for again. */
  private empty: Place | undefined;

  constructor(dependencies: SuggesterDependencies) {
    this.dependencies = dependencies;
  }

  /** Milliseconds that the last answers took. */
  get lastWaits(): readonly number[] {
    return this.waits;
  }

  /**
   * A suggestion for a place; at once where it is known.
   * @param signal ends the waiting; a request that agrees with what is typed goes on
   */
  async suggest(place: Place, signal: AbortSignal): Promise<Outcome> {
    const known = this.known(place);
    if (known) return known;
    try {
      signal.throwIfAborted();
      return await this.find(place, signal);
    } catch (error) {
      return signal.aborted ? none('cancelled') : this.failed(error);
    }
  }

  /** A document has changed: a request that does not agree with it is aborted at once. */
  follow(document: string, changes: readonly TextChange[]): void {
    if (this.running?.place.document === document) this.running.follow(changes);
  }

  /** The cursor has moved in a document. What is only read in advance does not depend on it. */
  moved(document: string, offset: number): void {
    if (this.running?.place.document === document && this.running !== this.warming)
      this.running.moved(offset);
  }

  /** The user has gone to another file, or suggestions were turned off. */
  leave(): void {
    void this.running?.stop();
  }

  /** Another model, or another server: nothing is known of it. */
  forget(): void {
    this.leave();
    this.caches.clear();
    this.speeds.clear();
    this.waits = [];
    this.failure = undefined;
    this.empty = undefined;
  }

  /**
   * Asks for what comes after a suggestion that is shown, so that it is there when that was accepted. Never rejects.
   */
  async prepare(place: Place, text: string): Promise<void> {
    const next = nextPlace(place, text);
    const isSlow = this.waits.some((wait) => wait > slowWaitMs);
    if (!next || isSlow || this.running || this.known(next.place)) return;
    if (!this.dependencies.priorities.isFree('warming')) return;
    await this.begin(new SuggestionRun(place, next.given), next.place, 'warming');
  }

  /** Has the server read what stands before the cursor, unless it knows most of it. Never rejects. */
  async warm(place: Place): Promise<void> {
    const { priorities, use } = this.dependencies;
    if (this.running || !priorities.isFree('warming')) return;
    const run = new SuggestionRun(place);
    this.running = this.warming = run;
    await this.perform(run, 'warming', async (model, signal) => {
      const asked = { ...(await this.asking(place, model)), leastUnread };
      await use((client) => askModel(client, asked, signal));
      return none('cancelled');
    });
  }

  private async find(place: Place, signal: AbortSignal): Promise<Outcome> {
    const kept = this.running?.covers(place) ? this.running : undefined;
    if (kept) {
      await kept.finished(signal);
      const known = this.known(place);
      if (known) return known;
    }
    if (!place.byHand) {
      const refusal = this.refusal(place);
      if (refusal) return refusal;
      // Who has waited for a request has paused.
      if (!kept) await delay((this.dependencies.pauseMs ?? pauseMs)(this.waits), signal);
    }
    await this.running?.stop();
    signal.throwIfAborted();
    if (!this.dependencies.priorities.isFree('suggestion')) return none('busy');
    const run = new SuggestionRun(place);
    const outcome = this.begin(run, place, 'suggestion');
    await run.finished(signal);
    return this.known(place, false) ?? (await outcome);
  }

  /** Why typing asks nothing here just now. */
  private refusal(place: Place): Outcome | undefined {
    if (this.failure && performance.now() - this.failure.at < restMs) return this.failure.outcome;
    return this.empty && isSamePlace(this.empty, place) ? none('nothing') : undefined;
  }

  private begin(run: SuggestionRun, place: Place, level: Level): Promise<Outcome> {
    this.running = run;
    return this.perform(run, level, async (model, signal) => {
      const asked = { ...(await this.asking(place, model)), run };
      const answer = await this.dependencies.use((client) => askModel(client, asked, signal));
      return answer ? this.keep(place, answer) : none('nothing');
    });
  }

  private async perform(
    run: SuggestionRun,
    level: Level,
    work: (model: InfillChoice, signal: AbortSignal) => Promise<Outcome>,
  ): Promise<Outcome> {
    const { priorities, model } = this.dependencies;
    try {
      const turn = await priorities.enter(level, run.signal);
      try {
        return await work(await model(turn.signal), turn.signal);
      } finally {
        turn.end();
      }
    } catch (error) {
      return run.signal.aborted ? none('cancelled') : this.failed(error);
    } finally {
      if (this.running === run) this.running = undefined;
      run.end();
    }
  }

  private async asking(place: Place, model: InfillChoice) {
    const speed = this.speeds.get(model.name) ?? new ReadingSpeed();
    this.speeds.set(model.name, speed);
    const neighbors = await this.dependencies.neighbors?.(place, speed.neighborTokens * charsPerToken);
    return { place, model, speed, neighbors: neighbors ?? [] };
  }

  private keep(place: Place, answer: Answered): Outcome {
    const { text, waitMs, loadMs, reused } = answer;
    this.failure = undefined;
    if (reused >= telling.reused && loadMs < telling.loadMs)
      this.waits = [...this.waits, waitMs].slice(-rememberedWaits);
    this.dependencies.answered?.(answer);
    this.empty = text === '' ? place : undefined;
    if (text === '') return none('nothing');
    this.cacheOf(place.document).add(trimmingContext(place), text);
    return { kind: 'shown', text, isKnown: false };
  }

  private known(place: Place, isKnown = true): Outcome | undefined {
    const text = this.caches.get(place.document)?.find(trimmingContext(place));
    return text === undefined ? undefined : { kind: 'shown', text, isKnown };
  }

  private cacheOf(document: string): SuggestionCache {
    const cache = this.caches.get(document) ?? new SuggestionCache();
    this.caches.delete(document);
    this.caches.set(document, cache);
    if (this.caches.size > mostCaches) this.caches.delete(this.caches.keys().next().value!);
    return cache;
  }

  private failed(error: unknown): Outcome {
    if (error instanceof PreemptedError) return none('busy');
    const outcome = outcomeOfError(error);
    // Other errors are about this place, not about the server.
    if (error instanceof OllamaError) this.failure = { outcome, at: performance.now() };
    return outcome;
  }
}

/** What trimming and finding need of a place. */
export function trimmingContext({ prefix, suffix, languageId, byHand }: Place) {
  return { prefix, suffix, languageId, multiline: byHand };
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.document === other.document && one.prefix === other.prefix && one.suffix === other.suffix;
}
