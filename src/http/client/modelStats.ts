import type { GenerationResult } from './generation.ts';

/** Characters per token before a model's own are known; code runs from 2.5 to 4.5, so this is on the safe side. */
export const defaultCharsPerToken = 3;

/** Prompts shorter than this many characters say little about a model's tokens: its template outweighs them. */
const tellingChars = 400;
/** Characters per token that a vocabulary can have; what lies outside has not counted the whole prompt. */
const plausible = { least: 1, most: 8 };
/** So many times more characters per token than expected, and the server has counted only what was not in its cache. */
const uncounted = { calibrated: 1.5, uncalibrated: 2 };
/** Part of what a refusal has taught that is counted on: the next prompt is another one. */
const carefulness = 0.95;
/** A load shorter than this many milliseconds was none: the model was there. */
const leastLoadMs = 100;
/** So many times more characters per token than usual, and the server must have dropped some. */
const suspicious = { calibrated: 1.5, uncalibrated: 2 };

interface Learned {
  numCtx?: number;
  loadMs?: number;
  promptChars: number;
  promptTokens: number;
}

/** What a client has learned about each model of its server; forgotten with the client, when settings change. */
export class ModelStats {
  private readonly models = new Map<string, Learned>();
  private readonly isSame: (one: string, other: string) => boolean;

  /** @param isSame whether two names mean the same model to the server */
  constructor(isSame: (one: string, other: string) => boolean = (one, other) => one === other) {
    this.isSame = isSame;
  }

  /** The context size that recovery from "out of memory" arrived at, in tokens. */
  reducedNumCtx(model: string): number | undefined {
    return this.find(model)?.numCtx;
  }

  reduceNumCtx(model: string, numCtx: number): void {
    this.learn(model).numCtx = numCtx;
  }

  /** Not even the smallest size did: nothing has been learned that a later try could use. */
  forgetNumCtx(model: string): void {
    delete this.find(model)?.numCtx;
  }

  /** How long the model took to load the last time, in milliseconds. */
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

  /** Learns from an answer to a prompt of so many characters. */
  note(model: string, promptChars: number, result: GenerationResult): void {
    const learned = this.learn(model);
    if (result.loadDurationMs >= leastLoadMs) learned.loadMs = result.loadDurationMs;
    if (result.truncated || result.promptTokens === 0 || promptChars < tellingChars) return;
    const perToken = promptChars / result.promptTokens;
    const limit = this.isCalibrated(model) ? uncounted.calibrated : uncounted.uncalibrated;
    if (perToken > Math.min(plausible.most, this.charsPerToken(model) * limit)) return;
    learned.promptChars += promptChars;
    learned.promptTokens += result.promptTokens;
  }

  /**
   * Learns from the refusal of a prompt that was too long. It counts more than all answers before it, whose average
   * has just been too hopeful.
   * @param tokens the server's count; where it does not tell, at least what did not fit
   */
  noteRefusal(model: string, promptChars: number, tokens: number): void {
    const perToken = tokens > 0 ? bounded((promptChars / tokens) * carefulness) : Infinity;
    if (perToken >= this.charsPerToken(model)) return;
    const learned = this.learn(model);
    learned.promptChars = promptChars;
    learned.promptTokens = promptChars / perToken;
  }

  /**
   * Whether a server that ignores `truncate: false` has cut the prompt: it must have been about too long for
   * the window, and the tokens counted are far too few for its characters.
   */
  looksTruncated(model: string, promptChars: number, promptTokens: number, numCtx: number): boolean {
    if (promptTokens === 0) return false;
    // Some servers cut to the whole window; a prompt that fits leaves room for a token of the answer.
    if (promptTokens === numCtx) return true;
    const known = this.isCalibrated(model);
    const expected = promptChars / this.charsPerToken(model);
    return (
      expected > numCtx * 0.9 &&
      expected > promptTokens * (known ? suspicious.calibrated : suspicious.uncalibrated)
    );
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
