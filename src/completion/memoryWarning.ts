import * as vscode from 'vscode';
import { setting } from '../ui/errorActions.ts';
import { showWarning } from '../ui/notifications.ts';
import type { ModelPair } from './modelPair.ts';

const storageKey = 'suggestionModelsWarned';
/** Warns once per pair of models about its cost, with advice. */
export function warnOnce(storage: vscode.Memento, { suggestions, questions }: ModelPair): void {
  const pair = `${suggestions} ${questions}`;
  const warned = storage.get<string[]>(storageKey, []);
  if (warned.includes(pair)) return;
  void storage.update(storageKey, [...warned, pair]);
  showWarning(
    vscode.l10n.t(
      'Suggestions use {0} and questions {1}: this machine does not have the memory for both, so each change from one to the other loads a model again. A smaller model for suggestions helps, or one model for both.',
      suggestions,
      questions,
    ),
    [
      setting(vscode.l10n.t('Change Model for Suggestions'), 'completion.model'),
      setting(vscode.l10n.t('Change Model for Questions'), 'model'),
    ],
  );
}
