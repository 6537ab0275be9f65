import type * as vscode from 'vscode';
import { checkSettings, defaultSettings, type OllamaSettings } from '../ollama/index.ts';

/** The user's own settings for where requests go, without any workspace. */
export type OwnSettings = Pick<OllamaSettings, 'baseUrl' | 'headers'>;

/**
 * Reads the user's own settings.
 * @param before the last valid ones, which stay in effect for an invalid value
 */
export function ownSettings(values: vscode.WorkspaceConfiguration, before: OwnSettings): OwnSettings {
  const afterAddress = usable({ ...before, baseUrl: ownValue(values, 'baseUrl') }) ?? before;
  return usable({ ...afterAddress, headers: ownValue(values, 'headers') ?? {} }) ?? afterAddress;
}

function ownValue(values: vscode.WorkspaceConfiguration, name: string): unknown {
  const found = values.inspect(name);
  return found?.globalValue ?? found?.defaultValue;
}

function usable(own: { baseUrl: unknown; headers?: unknown }): OwnSettings | undefined {
  try {
    checkSettings({ ...defaultSettings, ...(own as OwnSettings) });
    return own as OwnSettings;
  } catch {
    return undefined;
  }
}
