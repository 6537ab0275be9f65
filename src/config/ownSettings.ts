import type * as vscode from 'vscode';
import { checkSetting, type OllamaSettings } from '../ollama/index.ts';

/** The user's own settings for where requests go, without any workspace. */
export type OwnSettings = Required<Pick<OllamaSettings, 'baseUrl' | 'headers'>>;

/**
 * Reads the user's own settings.
 * @param before the last valid ones, which stay in effect for an invalid value
 */
export function ownSettings(values: vscode.WorkspaceConfiguration, before: OwnSettings): OwnSettings {
  const own = { baseUrl: ownValue(values, 'baseUrl'), headers: ownValue(values, 'headers') ?? {} };
  return {
    baseUrl: isValid('baseUrl', own.baseUrl) ? (own.baseUrl as string) : before.baseUrl,
    headers: isValid('headers', own.headers) ? (own.headers as Record<string, string>) : before.headers,
  };
}

function ownValue(values: vscode.WorkspaceConfiguration, name: string): unknown {
  const found = values.inspect(name);
  return found?.globalValue ?? found?.defaultValue;
}

function isValid(name: keyof OwnSettings, value: unknown): boolean {
  try {
    checkSetting(name, value);
    return true;
  } catch {
    return false;
  }
}
