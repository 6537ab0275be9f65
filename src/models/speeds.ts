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
      promptPerSecond: mixed(before?.promptPerSecond, prompt),
      writtenPerSecond: mixed(before?.writtenPerSecond, tokensPerSecond),
      ...(pageTokens !== undefined && { pageTokens }),
    };
    void this.storage.update(storageKey, { ...this.speeds, [this.nameOf(model)]: speed });
  }

  /** `undefined` before its first answer. */
  of(model: string): MeasuredSpeed | undefined {
    return this.speeds[this.nameOf(model)];
  }

  private nameOf(model: string): string {
    return Object.keys(this.speeds).find((name) => sameModel(name, model)) ?? model;
  }

  private get speeds(): Record<string, MeasuredSpeed> {
    return this.storage.get<Record<string, MeasuredSpeed>>(storageKey, {});
  }
}

/**
 * A geometric mean, so that an answer from the server's cache, a hundred times as fast, has little influence.
 */
function mixed(before: number | undefined, now: number): number {
  return before === undefined ? now : before ** oldShare * now ** (1 - oldShare);
}
