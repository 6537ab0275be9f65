import * as vscode from 'vscode';
import { section } from '../contributions.ts';
import type { Services } from '../services.ts';
import { showInfo, withProgress } from '../ui/notifications.ts';

const hourMs = 3_600_000;

/** Turns suggestions on, also where they are only paused, and says what is missing for them. */
export async function turnOnSuggestions({ suggestions }: Services): Promise<void> {
  await setEnabled(true);
  const service = await suggestions.load();
  await service.switch.resume();
  const { message, actions } = await service.explainModel();
  showInfo(message, actions);
}

export async function turnOffSuggestions(): Promise<void> {
  await setEnabled(false);
  showInfo(vscode.l10n.t('Suggestions while typing are off.'));
}

/** For an hour, in all windows. */
export async function pauseSuggestions({ suggestions }: Services): Promise<void> {
  const service = await suggestions.load();
  await service.switch.pause(hourMs);
  const { message, actions } = await service.explain(undefined, new AbortController().signal);
  showInfo(message, actions);
}

/** Says for the place of the cursor what became of a suggestion; the model is asked where nothing else is the reason. */
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

/** Where the value in force comes from a workspace, it is changed there: the user's own would not count. */
async function setEnabled(value: boolean): Promise<void> {
  const settings = vscode.workspace.getConfiguration(section);
  const { workspaceValue } = settings.inspect<boolean>('completion.enabled') ?? {};
  const target =
    workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await settings.update('completion.enabled', value, target);
}
