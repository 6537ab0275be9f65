import * as vscode from 'vscode';
import type { ContextKey } from '../contributions.ts';

/** Sets a context key for the `when` clauses of menus and key bindings. */
export function setContextKey(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Creates a listener that sets a context key when its value has changed. The key is false at first. */
export function contextKeySetter(key: ContextKey, valueOf: () => boolean): () => void {
  let known = false;
  return () => {
    const value = valueOf();
    if (value !== known) setContextKey(key, value);
    known = value;
  };
}
