import type * as vscode from 'vscode';
import type { Answered } from './request.ts';

const storageKey = 'suggestionFigures';
const rememberedAnswers = 100;
/** Milliseconds between two writes. */
const writeEveryMs = 5_000;

interface Stored {
  /** For the latest answers, in ms. No texts and no file names. */
  waits: number[];
  /** Shares of the prompts that were in the cache, 0 to 1. */
  reused: number[];
  shown: number;
  accepted: number;
  /** Accepted suggestions that were kept, and the number checked. */
  kept: number;
  checked: number;
}

const empty: Stored = { waits: [], reused: [], shown: 0, accepted: 0, kept: 0, checked: 0 };

/** The figures to show about the suggestions so far. */
export interface FiguresSummary {
  answers: number;
  medianWaitMs: number;
  /** Percent. */
  reused: number;
  shown: number;
  accepted: number;
  kept: number;
  checked: number;
}

/** Counts, stored only in this VS Code. */
export class SuggestionFigures {
  private readonly storage: vscode.Memento;
  private readonly changed: () => void;
  private stored: Stored;
  private timer: NodeJS.Timeout | undefined;

  /** @param changed called at every change */
  constructor(storage: vscode.Memento, changed: () => void) {
    this.storage = storage;
    this.changed = changed;
    this.stored = { ...empty, ...storage.get<Stored>(storageKey) };
  }

  answered({ waitMs, reused }: Pick<Answered, 'waitMs' | 'reused'>): void {
    const { waits, reused: shares } = this.stored;
    this.set({
      waits: [...waits, Math.round(waitMs)].slice(-rememberedAnswers),
      reused: [...shares, Number(reused.toFixed(3))].slice(-rememberedAnswers),
    });
  }

  shown(): void {
    this.set({ shown: this.stored.shown + 1 });
  }

  accepted(): void {
    this.set({ accepted: this.stored.accepted + 1 });
  }

  /** Records whether accepted text was kept. */
  checked(isKept: boolean): void {
    const { kept, checked } = this.stored;
    this.set({ kept: kept + (isKept ? 1 : 0), checked: checked + 1 });
  }

  get summary(): FiguresSummary {
    const { waits, reused, ...counts } = this.stored;
    const mean = reused.reduce((sum, share) => sum + share, 0) / Math.max(1, reused.length);
    const sorted = waits.toSorted((a, b) => a - b);
    const medianWaitMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
    return { ...counts, answers: waits.length, medianWaitMs, reused: Math.round(mean * 100) };
  }

  async clear(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.stored = empty;
    this.changed();
    await this.storage.update(storageKey, undefined);
  }

  /** Writes pending changes. */
  dispose(): void {
    if (this.timer) this.write();
  }

  private set(change: Partial<Stored>): void {
    this.stored = { ...this.stored, ...change };
    this.changed();
    this.timer ??= setTimeout(() => this.write(), writeEveryMs);
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.storage.update(storageKey, this.stored);
  }
}
