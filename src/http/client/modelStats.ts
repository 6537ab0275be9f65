import type { GenerationResult } from './generation.ts';

/** Characters per token before a model's own value is measured. Code has 2.5 to 4.5, so 3 is safe. */
export const defaultCharsPerToken = 3;

/** Shorter prompts, in characters, are not measured: the template would distort the result. */
const leastChars = 400;
/** Plausible characters per token. Outside this range, the server has not counted the whole prompt. */
const plausible = { least: 1, most: 8 };
/**
 * With this many times the expected characters per token, the server has counted only what was not in its
 * cache.
 */
const uncounted = { calibrated: 1.5, uncalibrated: 2 };
/** Share of the value learned from a refusal that is used, because the next prompt is different. */
const carefulness = 0.95;
/** Milliseconds. A shorter load duration means that the model was loaded already. */
const leastLoadMs = 100;

interface Learned {
  numCtx?: number;
  loadMs?: number;
  promptChars: number;
  promptTokens: number;
}

/**
 * Measured facts about each model of a server. They belong to the client and are lost when the settings
 * change.
 */
export class ModelStats {
  private readonly models = new Map<string, Learned>();
  private readonly isSame: (one: string, other: string) => boolean;

  /** @param isSame whether two names mean the same model to the server */
  constructor(isSame: (one: string, other: string) => boolean = (one, other) => one === other) {
    this.isSame = isSame;
  }

  /** The reduced context size in tokens after recovery from "out of memory". */
  reducedNumCtx(model: string): number | undefined {
    return this.find(model)?.numCtx;
  }

  reduceNumCtx(model: string, numCtx: number): void {
    this.learn(model).numCtx = numCtx;
  }

  /** Called when even the smallest size failed: a later attempt starts again. */
  forgetNumCtx(model: string): void {
    delete this.find(model)?.numCtx;
  }

  /** Milliseconds of the latest load of the model. */
  expectedLoadMs(model: string): number | undefined {
    return this.find(model)?.loadMs;
  }

  /** Characters per token of the prompts so far. */
  charsPerToken(model: string): number {
    const learned = this.find(model);
    return learned && learned.promptTokens > 0
      ? bounded(learned.promptChars / learned.promptTokens)
      : defaultCharsPerToken;
  }

  /** Whether the server has counted a prompt for this model. */
  isCalibrated(model: string): boolean {
    return (this.find(model)?.promptTokens ?? 0) > 0;
  }

  /** @param loadMs milliseconds; 0 when the model was loaded already */
  noteLoad(model: string, loadMs: number): void {
    if (loadMs >= leastLoadMs) this.learn(model).loadMs = loadMs;
  }

  /** Learns from the answer to a prompt with this many characters. */
  note(model: string, promptChars: number, result: GenerationResult): void {
    const learned = this.learn(model);
    this.noteLoad(model, result.loadDurationMs);
    if (!result.promptTokens || promptChars < leastChars) return;
    const perToken = promptChars / result.promptTokens;
    const limit = this.isCalibrated(model) ? uncounted.calibrated : uncounted.uncalibrated;
    if (perToken > Math.min(plausible.most, this.charsPerToken(model) * limit)) return;
    learned.promptChars += promptChars;
    learned.promptTokens += result.promptTokens;
  }

  /**
   * Learns from the refusal of an overlong prompt. Replaces the average of earlier answers, which was too
   * optimistic.
   * @param tokens the server's count; if it reports none, at least the size that did not fit
   */
  noteRefusal(model: string, promptChars: number, tokens: number): void {
    const perToken = tokens > 0 ? bounded((promptChars / tokens) * carefulness) : Infinity;
    if (perToken >= this.charsPerToken(model)) return;
    const learned = this.learn(model);
    learned.promptChars = promptChars;
    learned.promptTokens = promptChars / perToken;
  }

  private find(model: string): Learned | undefined {
    const direct = this.models.get(model);
    if (direct) return direct;
    for (const [name, learned] of this.models) if (this.isSame(name, model)) return learned;
    return undefined;
  }

  private learn(model: string): Learned {
    const learned = this.find(model) ?? { promptChars: 0, promptTokens: 0 };
    this.models.set(model, learned);
    return learned;
  }
}

function bounded(charsPerToken: number): number {
  return Math.min(plausible.most, Math.max(plausible.least, charsPerToken));
}
