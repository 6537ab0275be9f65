import * as vscode from 'vscode';
import { changeSetting } from '../config/changeSetting.ts';
import type { Services } from '../services.ts';
import { showInfo, withProgress } from '../ui/notifications.ts';

const hourMs = 3_600_000;

/** Turns suggestions on, also if they are only paused, and shows what is missing for them. */
export async function turnOnSuggestions({ suggestions }: Services): Promise<void> {
  await changeSetting('completion.enabled', true);
  const service = await suggestions.load();
  await service.switch.resume();
  const { message, actions } = await service.explainModel();
  showInfo(message, actions);
}

export async function turnOffSuggestions(): Promise<void> {
  await changeSetting('completion.enabled', false);
  showInfo(vscode.l10n.t('Suggestions while typing are off.'));
}

/** For one hour, in all windows. */
export async function pauseSuggestions({ suggestions }: Services): Promise<void> {
  const service = await suggestions.load();
  await service.switch.pause(hourMs);
  const { message, actions } = await service.explain(undefined, new AbortController().signal);
  showInfo(message, actions);
}

/** Shows the outcome of a suggestion at the cursor. Asks the model only if there is no other reason. */
export async function whyNoSuggestion({ suggestions }: Services): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const service = await suggestions.load();
  const { message, actions } = await withProgress(
    vscode.l10n.t('Looking for a suggestion'),
    (_report, signal) => service.explain(editor, signal),
  );
  showInfo(message, actions);
}

export async function clearSuggestionFigures({ suggestions }: Services): Promise<void> {
  const service = await suggestions.load();
  await service.figures.clear();
  showInfo(vscode.l10n.t('The figures about suggestions have been cleared.'));
}
