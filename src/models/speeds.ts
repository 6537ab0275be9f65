import type * as vscode from 'vscode';
import { sameModel, type GenerationResult } from '../ollama/index.ts';

const storageKey = 'modelSpeeds';

/** How fast a model has answered so far, and how long its pages were. Nothing in it is guessed. */
export interface MeasuredSpeed {
  /** Tokens of a prompt that are read in a second. */
  promptPerSecond: number;
  /** Tokens that are written in a second. */
  writtenPerSecond: number;
  /** Tokens of an answer that was a page; missing before the first one. */
  pageTokens?: number;
}

/** Shorter answers and prompts say little about a speed. */
const fewestTokens = 20;
const fewestPromptTokens = 200;
/** How much of what was known before remains when something new is measured. */
const memoryShare = 0.7;

/** How fast each model has answered; numbers only, kept by this VS Code. */
export class ModelSpeeds {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  /** A model has answered. */
  note(result: GenerationResult, isPage = false): void {
    const { model, promptDurationMs } = result;
    // Unknown where the server does not tell.
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
    void this.memory.update(storageKey, { ...this.speeds, [this.nameOf(model)]: speed });
  }

  /** `undefined` before its first answer. */
  of(model: string): MeasuredSpeed | undefined {
    return this.speeds[this.nameOf(model)];
  }

  private nameOf(model: string): string {
    return Object.keys(this.speeds).find((name) => sameModel(name, model)) ?? model;
  }

  private get speeds(): Record<string, MeasuredSpeed> {
    return this.memory.get<Record<string, MeasuredSpeed>>(storageKey, {});
  }
}

/** A geometric mean: an answer from the server's cache, a hundred times as fast, does not count a hundred times. */
function mixed(before: number | undefined, now: number): number {
  return before === undefined ? now : before ** memoryShare * now ** (1 - memoryShare);
}
