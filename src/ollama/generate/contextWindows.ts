import type { LoadedModel, ModelSummary } from '../../http/client/models.ts';
import { sameModel } from '../modelName.ts';

/** A window of another program's that is smaller than ours must be at least this part of it to be used. */
const leastShare = 0.5;

/** What is known of one model's context window; all in tokens, 0 for what is not known. */
interface KnownWindow {
  /** What the model was trained for. */
  trained: number;
  /** What it is loaded with now. */
  loaded: number;
  /** Our own size, from its first use on: a change of it would make the server load the model again. */
  own: number;
  /** A window of another program's that turned out to be too small for a request of ours. */
  tooSmall: number;
  /** What the server really gave for a `num_ctx`, as its refusal of a prompt has told. */
  served: { numCtx: number; tokens: number } | undefined;
}

/** Windows that our own clients have had models loaded with, also those of settings that are no longer in force. */
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
 * Which `num_ctx` requests send, and how many tokens that really are. A window that another program has loaded the
 * model with is used as it is, where it is large enough: another size would make the server load the model again.
 */
export class ContextWindows {
  private readonly models = new Map<string, KnownWindow>();
  private readonly origin: string;
  private readonly wanted: number;
  private readonly ownWindows: OwnWindows;
  private readonly reduced: (model: string) => number | undefined;

  /**
   * @param wanted the size of the settings
   * @param reduced the size that recovery from "out of memory" has arrived at
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

  /** Whether it is known what a model was trained for. */
  isTrainedKnown(model: string): boolean {
    return this.find(model).trained > 0;
  }

  noteLoaded(loaded: readonly LoadedModel[]): void {
    for (const known of this.models.values()) known.loaded = 0;
    for (const { name, contextLength } of loaded) {
      const known = this.find(name);
      known.loaded = contextLength;
      // Less than we have asked for, of a model of which we do not know what it was trained for: the server's limit.
      if (!known.trained && contextLength > 0 && contextLength < known.own)
        known.served = { numCtx: known.own, tokens: contextLength };
    }
  }

  /** The model is loaded with this `num_ctx`, for a request of ours has succeeded. */
  noteUsed(model: string, numCtx: number): void {
    const known = this.find(model);
    const isAdopted = numCtx === known.loaded && numCtx !== this.own(model);
    known.loaded = this.tokensOf(model, numCtx);
    if (!isAdopted) this.ownWindows.add(this.origin, model, known.loaded);
  }

  /** What is loaded now is not known any more. */
  forgetLoaded(model: string): void {
    this.find(model).loaded = 0;
  }

  /** The server has refused a prompt, and said how large the window is. */
  noteRefusal(model: string, numCtx: number, tokens: number): void {
    if (tokens > 0 && tokens < numCtx) this.find(model).served = { numCtx, tokens };
  }

  /** Our own size: of the settings, but never more than the model or the memory allows. */
  own(model: string): number {
    const { own, trained } = this.find(model);
    return Math.min(
      own || this.wanted,
      own ? Infinity : trained || Infinity,
      this.reduced(model) ?? Infinity,
    );
  }

  /** The tokens that a `num_ctx` amounts to. */
  tokensOf(model: string, numCtx: number): number {
    const { trained, served } = this.find(model);
    const told = served?.numCtx === numCtx ? served.tokens : Infinity;
    return Math.min(numCtx, trained || Infinity, told);
  }

  /** The window that prompts are made for: ours, whatever the model is loaded with. */
  tokensFor(model: string): number {
    return this.tokensOf(model, this.own(model));
  }

  /** The window of another program's that is used instead of ours. */
  adopted(model: string): number | undefined {
    const own = this.own(model);
    const { loaded, tooSmall } = this.find(model);
    const isOther =
      loaded > 0 && loaded !== this.tokensOf(model, own) && !this.ownWindows.has(this.origin, model, loaded);
    const isLargeEnough = loaded >= own || (loaded >= own * leastShare && loaded > tooSmall);
    return isOther && isLargeEnough ? loaded : undefined;
  }

  /** The `num_ctx` of requests now, as far as it is known without one. */
  current(model: string): number {
    return this.adopted(model) ?? this.own(model);
  }

  /**
   * The `num_ctx` of a request.
   * @param needed tokens that the request needs at least, its answer included
   */
  choose(model: string, needed: number): number {
    const known = this.find(model);
    known.own ||= Math.min(this.wanted, known.trained || Infinity);
    const adopted = this.adopted(model);
    const own = this.own(model);
    if (adopted === undefined) return own;
    if (adopted >= needed || adopted >= own) return adopted;
    // From now on it is ours: going back and forth between the two would load the model each time.
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
