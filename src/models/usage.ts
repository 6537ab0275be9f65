import type * as vscode from 'vscode';
import { sameModel, type ModelSummary } from '../ollama/index.ts';

const storageKey = 'modelUsage';

/** Number of answers per model, stored in this VS Code. */
export class ModelUsage {
  private readonly storage: vscode.Memento;

  constructor(storage: vscode.Memento) {
    this.storage = storage;
  }

  /** Counts an answer of a model. */
  note(model: string): void {
    const known = Object.keys(this.counts).find((name) => sameModel(name, model)) ?? model;
    void this.storage.update(storageKey, { ...this.counts, [known]: this.of(model) + 1 });
  }

  /** Number of answers of a model. */
  of(model: string): number {
    return Object.entries(this.counts).find(([name]) => sameModel(name, model))?.[1] ?? 0;
  }

  /** Sorts by use, most used first, then by modification time, latest first. */
  sorted(models: readonly ModelSummary[]): ModelSummary[] {
    return models.toSorted(
      (one, other) =>
        this.of(other.name) - this.of(one.name) || other.modifiedAt.localeCompare(one.modifiedAt),
    );
  }

  private get counts(): Record<string, number> {
    return this.storage.get<Record<string, number>>(storageKey, {});
  }
}
