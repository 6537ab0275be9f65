import type * as vscode from 'vscode';

/** Storage key of the user's settings from before `ChatSettings` changed them. */
export const changedSettingsKey = 'chatSettingsBefore';

/** Whether there are settings to restore. */
export function hasChangedSettings(memory: vscode.Memento): boolean {
  return memory.get(changedSettingsKey) !== undefined;
}
