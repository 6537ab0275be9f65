import type { LoadedModel, ModelSummary } from '../../http/client/models.ts';
import { sameModel } from '../modelName.ts';

/** Another program's context window is used if it has at least this share of ours. */
const leastShare = 0.5;

/** What is known about one model's context window, in tokens; 0 for unknown. */
interface KnownWindow {
  /** The context length of the training. */
  trained: number;
  /** The context length with which it is loaded now. */
  loaded: number;
  /** Our own size, fixed at the first use: changing it would reload the model. */
  own: number;
  /** A context window of another program that was too small for one of our requests. */
  tooSmall: number;
  /** The real size for a `num_ctx`, learned from the refusal of a prompt. */
  served: { numCtx: number; tokens: number } | undefined;
}

/** Context windows with which our own clients have loaded models, those of earlier settings included. */
export class OwnWindows {
  private readonly known: { origin: string; model: string; tokens: number }[] = [];

  add(origin: string, model: string, tokens: number): void {
    if (!this.has(origin, model, tokens)) this.known.push({ origin, model, tokens });
  }

  has(origin: string, model: string, tokens: number): boolean {
    return this.known.some(
      (one) => one.origin === origin && one.tokens === tokens && sameModel(one.model, model),
    );
  }
}

/**
 * Chooses the `num_ctx` of requests, and knows how many tokens it really is. A model that another program has
 * loaded keeps its context window if that is large enough, because another size would reload the model.
 */
export class ContextWindows {
  private readonly models = new Map<string, KnownWindow>();
  private readonly origin: string;
  private readonly wanted: number;
  private readonly ownWindows: OwnWindows;
  private readonly reduced: (model: string) => number | undefined;

  /**
   * @param wanted the size in the settings
   * @param reduced the size after recovery from "out of memory"
   */
  constructor(
    origin: string,
    wanted: number,
    ownWindows: OwnWindows,
    reduced: (model: string) => number | undefined,
  ) {
    this.origin = origin;
    this.wanted = wanted;
    this.ownWindows = ownWindows;
    this.reduced = reduced;
  }

  noteInstalled(models: readonly ModelSummary[]): void {
    for (const { name, contextLength } of models)
      if (contextLength > 0) this.noteTrained(name, contextLength);
  }

  noteTrained(model: string, tokens: number): void {
    this.find(model).trained = tokens;
  }

  /** Whether the context length of the training is known. */
  isTrainedKnown(model: string): boolean {
    return this.find(model).trained > 0;
  }

  noteLoaded(loaded: readonly LoadedModel[]): void {
    for (const known of this.models.values()) known.loaded = 0;
    for (const { name, contextLength } of loaded) {
      const known = this.find(name);
      known.loaded = contextLength;
      // If the training's context length is unknown and the model is loaded with less than we requested, that
      // is the server's limit.
      if (!known.trained && contextLength > 0 && contextLength < known.own)
        known.served = { numCtx: known.own, tokens: contextLength };
    }
  }

  /** A request has succeeded, so the model is loaded with this `num_ctx`. */
  noteUsed(model: string, numCtx: number): void {
    const known = this.find(model);
    const isAdopted = numCtx === known.loaded && numCtx !== this.own(model);
    known.loaded = this.tokensOf(model, numCtx);
    if (!isAdopted) this.ownWindows.add(this.origin, model, known.loaded);
  }

  /** Forgets how the model is loaded. */
  forgetLoaded(model: string): void {
    this.find(model).loaded = 0;
  }

  /** The server has refused a prompt and reported the size of its context window. */
  noteRefusal(model: string, numCtx: number, tokens: number): void {
    if (tokens > 0 && tokens < numCtx) this.find(model).served = { numCtx, tokens };
  }

  /** Our own size: the configured one, limited by the model and by the memory. */
  own(model: string): number {
    const { own, trained } = this.find(model);
    return Math.min(
      own || this.wanted,
      own ? Infinity : trained || Infinity,
      this.reduced(model) ?? Infinity,
    );
  }

  /** The real size in tokens for a `num_ctx`. */
  tokensOf(model: string, numCtx: number): number {
    const { trained, served } = this.find(model);
    const reported = served?.numCtx === numCtx ? served.tokens : Infinity;
    return Math.min(numCtx, trained || Infinity, reported);
  }

  /** The context window that prompts are made for: our own size, however the model is loaded. */
  tokensFor(model: string): number {
    return this.tokensOf(model, this.own(model));
  }

  /** The context window of another program that is used instead of ours. */
  adopted(model: string): number | undefined {
    const own = this.own(model);
    const { loaded, tooSmall } = this.find(model);
    const isOther =
      loaded > 0 && loaded !== this.tokensOf(model, own) && !this.ownWindows.has(this.origin, model, loaded);
    const isLargeEnough = loaded >= own || (loaded >= own * leastShare && loaded > tooSmall);
    return isOther && isLargeEnough ? loaded : undefined;
  }

  /** The `num_ctx` of requests now, as far as known before a request. */
  current(model: string): number {
    return this.adopted(model) ?? this.own(model);
  }

  /**
   * The `num_ctx` of a request.
   * @param needed tokens that the request needs, its answer included
   */
  choose(model: string, needed: number): number {
    const known = this.find(model);
    known.own ||= Math.min(this.wanted, known.trained || Infinity);
    const adopted = this.adopted(model);
    const own = this.own(model);
    if (adopted === undefined) return own;
    if (adopted >= needed || adopted >= own) return adopted;
    // Use our own size from now on: alternating between the two would reload the model each time.
    known.tooSmall = adopted;
    return own;
  }

  private find(model: string): KnownWindow {
    const direct = this.models.get(model);
    if (direct) return direct;
    for (const [name, known] of this.models) if (sameModel(name, model)) return known;
    const known: KnownWindow = { trained: 0, loaded: 0, own: 0, tooSmall: 0, served: undefined };
    this.models.set(model, known);
    return known;
  }
}
