import type * as vscode from 'vscode';

/** What the user's settings had before `ChatSettings` changed them, in the memory of the extension. */
export const changedSettingsKey = 'chatSettingsBefore';

/** Whether there is something to put back. */
export function hasChangedSettings(memory: vscode.Memento): boolean {
  return memory.get(changedSettingsKey) !== undefined;
}
