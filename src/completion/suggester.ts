import { OllamaError, delay } from '../ollama/index.ts';
import { PreemptedError, type Level, type Priorities } from '../generation/priorities.ts';
import { pauseMs, SuggestionCache, type Neighbor } from './engine/index.ts';
import type { InfillChoice } from './infillModel.ts';
import { askModel, charsPerToken, trimmingContext, type Answered, type StreamingClient } from './request.ts';
import { nextPlace } from './nextPlace.ts';
import { none, type Outcome } from './outcome.ts';
import { outcomeOfError } from './errors.ts';
import type { Place } from './place.ts';
import { ReadingSpeed } from './readingSpeed.ts';
import { SuggestionRun, type TextChange } from './run.ts';

/** What suggestions work with. */
export interface SuggesterDependencies {
  priorities: Priorities;
  /** @throws NoSuggestionError; the signal's reason */
  model: (signal: AbortSignal) => Promise<InfillChoice>;
  /** Works with the current client, which stays open until the work is done. */
  use: <T>(work: (client: StreamingClient) => Promise<T>) => Promise<T>;
  /** Pieces of other files up to a number of characters. The same ones while the user types. */
  neighbors?: (place: Place, chars: number) => Promise<readonly Neighbor[]>;
  /** Called for every answer. */
  answered?: (answer: Answered) => void;
  /** Milliseconds between a key and the request; 0 in tests. */
  pauseMs?: (waitsMs: readonly number[]) => number;
}

/** Most documents whose suggestions are remembered. */
const mostCaches = 20;
/** Milliseconds without requests after an error of the server. */
const restMs = 3_000;
/** Requests in advance must not keep a slow machine busy. */
const slowWaitMs = 1_500;
const rememberedWaits = 10;
/** A wait predicts the next one only if this share of the prompt was in the server's cache. */
const telling = { reused: 0.5, loadMs: 100 };
/** Characters. A prompt with less unread text is not read in advance. */
const leastUnread = 400;

/** Makes suggestions: one request at a time, which is kept as long as the typed text agrees with it. */
export class Suggester {
  private readonly dependencies: SuggesterDependencies;
  private readonly caches = new Map<string, SuggestionCache>();
  private readonly speeds = new Map<string, ReadingSpeed>();
  private waits: number[] = [];
  private running: SuggestionRun | undefined;
  /** The latest request that only reads a prompt. */
  private warming: SuggestionRun | undefined;
  private failure: { outcome: Outcome & { kind: 'none' }; at: number } | undefined;
  /** The position without a useful suggestion; it is not requested again. */
  private empty: Place | undefined;

  constructor(dependencies: SuggesterDependencies) {
    this.dependencies = dependencies;
  }

  /** Milliseconds that the latest answers took. */
  get lastWaits(): readonly number[] {
    return this.waits;
  }

  /**
   * A suggestion for a position; at once if it is known.
   * @param signal ends only the waiting; a request that agrees with the typed text continues
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

  /** Follows a change of a document. Aborts a request that does not agree with it. */
  follow(document: string, changes: readonly TextChange[]): void {
    if (this.running?.place.document === document) this.running.follow(changes);
  }

  /** Follows the cursor. Requests that only read in advance do not depend on it. */
  moved(document: string, offset: number): void {
    if (this.running?.place.document === document && this.running !== this.warming)
      this.running.moved(offset);
  }

  /** Called when the user opens another file or turns suggestions off. */
  leave(): void {
    void this.running?.stop();
  }

  /** Asks again at the next key, also shortly after a failure. */
  forgetFailure(): void {
    this.failure = undefined;
  }

  /** Forgets everything, because the model or the server has changed. */
  forget(): void {
    this.leave();
    this.caches.clear();
    this.speeds.clear();
    this.waits = [];
    this.failure = undefined;
    this.empty = undefined;
  }

  /** Asks for the text after a shown suggestion, so that it is ready after an acceptance. Never rejects. */
  async prepare(place: Place, text: string): Promise<void> {
    const next = nextPlace(place, text);
    const isSlow = this.waits.some((wait) => wait > slowWaitMs);
    if (!next || isSlow || this.running || this.known(next.place)) return;
    if (!this.dependencies.priorities.isFree('warming')) return;
    await this.begin(new SuggestionRun(place, next.given), next.place, 'warming');
  }

  /** Makes the server read the text before the cursor, unless most of it is in its cache. Never rejects. */
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
      // Waiting for another request was already a pause.
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

  /** Why typing sends no request at the moment. */
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
    // Other errors concern this position, not the server.
    if (error instanceof OllamaError) this.failure = { outcome, at: performance.now() };
    return outcome;
  }
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.document === other.document && one.prefix === other.prefix && one.suffix === other.suffix;
}
