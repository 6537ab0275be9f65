import type * as vscode from 'vscode';

/** Storage key of the user's settings from before `ChatSettings` changed them. */
export const changedSettingsKey = 'chatSettingsBefore';

/** Whether there are settings to restore. */
export function hasChangedSettings(storage: vscode.Memento): boolean {
  return storage.get(changedSettingsKey) !== undefined;
}
