import * as vscode from 'vscode';
import type { ContextKey } from '../contributions.ts';

/** Sets what the `when` clauses of menus and key bindings ask. */
export function setContextKey(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
