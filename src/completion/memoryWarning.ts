import * as vscode from 'vscode';
import { sameModel, type LoadedModel, type ModelSummary } from '../ollama/index.ts';
import { setting } from '../ui/errorActions.ts';
import { showWarning } from '../ui/notifications.ts';

const storageKey = 'suggestionModelsWarned';
/** What a loaded model takes besides its file: its context and its buffers. */
const overhead = { share: 1.2, bytes: 0.3e9 };
/** The part of the memory that models can have. */
const usableShare = 0.75;

/** Two models of which one may push the other out of memory. */
export interface ModelPair {
  suggestions: string;
  questions: string;
}

/** What is known of the models and the memory. */
export interface PairFacts {
  installed: readonly ModelSummary[];
  /** From `/api/ps`: what they really take. */
  loaded: readonly LoadedModel[];
  /** Of the server's machine; undefined where it is not known. */
  memoryBytes: number | undefined;
}

/** Whether the machine's memory has no room for both models at once. */
export function evictEachOther(
  { suggestions, questions }: ModelPair,
  { installed, loaded, memoryBytes }: PairFacts,
): boolean {
  if (memoryBytes === undefined || sameModel(suggestions, questions)) return false;
  const bytes = [suggestions, questions].map((model) => {
    const running = loaded.find(({ name }) => sameModel(name, model));
    const file = installed.find(({ name }) => sameModel(name, model))?.sizeBytes ?? 0;
    return running?.sizeBytes || (file && file * overhead.share + overhead.bytes);
  });
  return bytes[0]! + bytes[1]! > memoryBytes * usableShare;
}

/** Says once for each pair what it costs, and what helps. */
export function warnOnce(memory: vscode.Memento, { suggestions, questions }: ModelPair): void {
  const pair = `${suggestions} ${questions}`;
  const warned = memory.get<string[]>(storageKey, []);
  if (warned.includes(pair)) return;
  void memory.update(storageKey, [...warned, pair]);
  showWarning(
    vscode.l10n.t(
      'Suggestions use {0} and questions {1}: this machine has not the memory for both, so each change from one to the other loads a model again. A smaller model for suggestions helps, or one model for both.',
      suggestions,
      questions,
    ),
    [
      setting(vscode.l10n.t('Change Model for Suggestions'), 'completion.model'),
      setting(vscode.l10n.t('Change Model for Questions'), 'model'),
    ],
  );
}
