import type * as vscode from 'vscode';
import { sameModel, type GenerationResult } from '../ollama/index.ts';

const storageKey = 'modelSpeeds';

/** Measured speeds of a model, and the length of its pages. */
export interface MeasuredSpeed {
  /** Prompt tokens read per second. */
  promptPerSecond: number;
  /** Tokens written per second. */
  writtenPerSecond: number;
  /** Tokens of an average page; undefined before the first one. */
  pageTokens?: number;
}

/** Fewest tokens for a meaningful speed. */
const fewestTokens = 20;
const fewestPromptTokens = 200;
/** Share of the earlier value that is kept when a new one is measured. */
const oldShare = 0.7;
/** A prompt that is read so many times faster than another was in the server's cache. */
const cachedFactor = 4;
/** The share that is kept then: the machine can also have become faster. */
const cachedShare = 0.97;

/** The speeds of each model, stored in this VS Code as numbers only. */
export class ModelSpeeds {
  private readonly storage: vscode.Memento;

  constructor(storage: vscode.Memento) {
    this.storage = storage;
  }

  /** Records an answer of a model. */
  note(result: GenerationResult, isPage = false): void {
    const { model, promptDurationMs } = result;
    // Undefined when the server does not report them.
    const { promptTokens = 0, completionTokens = 0, tokensPerSecond = 0 } = result;
    if (completionTokens < fewestTokens || !(tokensPerSecond > 0)) return;
    const before = this.of(model);
    const prompt =
      promptTokens >= fewestPromptTokens && promptDurationMs > 0
        ? (promptTokens * 1_000) / promptDurationMs
        : before?.promptPerSecond;
    if (prompt === undefined) return;
    const pageTokens = isPage ? mixed(before?.pageTokens, completionTokens) : before?.pageTokens;
    const speed: MeasuredSpeed = {
      promptPerSecond: readingSpeed(before?.promptPerSecond, prompt),
      writtenPerSecond: mixed(before?.writtenPerSecond, tokensPerSecond),
      ...(pageTokens !== undefined && { pageTokens }),
    };
    void this.storage.update(storageKey, { ...this.speeds, [this.nameOf(model)]: speed });
  }

  /** `undefined` before its first answer. */
  of(model: string): MeasuredSpeed | undefined {
    return this.speeds[this.nameOf(model)];
  }

  /** Milliseconds in which a model reads a prompt; `undefined` before its first answer. */
  readingMs(model: string, tokens: number): number | undefined {
    const speed = this.of(model)?.promptPerSecond;
    return speed === undefined ? undefined : (tokens * 1000) / speed;
  }

  private nameOf(model: string): string {
    return Object.keys(this.speeds).find((name) => sameModel(name, model)) ?? model;
  }

  private get speeds(): Record<string, MeasuredSpeed> {
    return this.storage.get<Record<string, MeasuredSpeed>>(storageKey, {});
  }
}

/** What is read from the server's cache says nothing about the speed, whether it came first or later. */
function readingSpeed(before: number | undefined, now: number): number {
  if (before === undefined || now * cachedFactor < before) return now;
  return mixed(before, now, now > before * cachedFactor ? cachedShare : oldShare);
}

/** A geometric mean. */
function mixed(before: number | undefined, now: number, share = oldShare): number {
  return before === undefined ? now : before ** share * now ** (1 - share);
}
