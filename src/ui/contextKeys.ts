import * as vscode from 'vscode';
import type { ContextKey } from '../contributions.ts';

/** Sets a context key for the `when` clauses of menus and key bindings. */
export function setContextKey(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
