import * as vscode from 'vscode';
import { isFields } from '../ollama/index.ts';

/** The texts of a list; other entries are left out. */
export function textsIn(value: unknown): string[] {
  return (value as unknown[]).filter((entry) => typeof entry === 'string');
}

/**
 * A workspace must not be able to write outside its own folder with its settings.
 * @throws Error when the value is no such folder
 */
export function folderInside(value: unknown): string {
  const parts =
    typeof value === 'string' ? value.split(/[\\/]+/).filter((part) => part && part !== '.') : ['..'];
  const isAbsolute = typeof value === 'string' && /^(?:[\\/~]|[a-z][\w+.-]*:)/i.test(value.trim());
  if (!isAbsolute && !parts.includes('..')) return parts.join('/');
  throw new Error(vscode.l10n.t('must be a folder inside the workspace, such as docs/codeworm'));
}

/**
 * As in `files.exclude`: each glob is switched on or off.
 * @throws TypeError when the value is no object
 */
export function globsIn(value: unknown): Record<string, boolean> {
  if (!isFields(value))
    throw new TypeError(vscode.l10n.t('must be an object of patterns, each true or false'));
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'),
  );
}
