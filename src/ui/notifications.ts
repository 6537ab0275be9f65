import * as vscode from 'vscode';
import { localizeError } from './localize.ts';

/** A button of a message, and what it does. */
export interface MessageAction {
  title: string;
  run: () => unknown;
}

type Show = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

/** Shows an information message. Does not wait for the user, like the next two functions. */
export function showInfo(message: string, actions: readonly MessageAction[] = []): void {
  show(vscode.window.showInformationMessage, message, actions);
}

/** Shows a warning message. */
export function showWarning(message: string, actions: readonly MessageAction[] = []): void {
  show(vscode.window.showWarningMessage, message, actions);
}

/** Shows an error message. */
export function showError(message: string, actions: readonly MessageAction[] = []): void {
  show(vscode.window.showErrorMessage, message, actions);
}

/** Asks before something that cannot be undone. Resolves with whether the button was pressed. */
export async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}

/** Shows progress with a Cancel button. */
export function withProgress<T>(
  title: string,
  task: (report: (message: string, increment?: number) => void, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: withoutLinks(title),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const report = (message: string, increment = 0): void =>
      progress.report({ message: withoutLinks(message), increment });
    return task(report, abort.signal);
  });
}

/** Milliseconds. A faster task shows no progress, only its result. */
const progressAfterMs = 400;

/** A task has exceeded its time limit. */
export class TimeLimitError extends Error {
  override name = 'TimeLimitError';
}

/**
 * Like `withProgress`, for tasks that usually end at once. Progress is shown only for a slow task. The signal
 * aborts when the user cancels and at the time limit, then with a `TimeLimitError`.
 */
export async function withinLimit<T>(
  title: string,
  limitMs: number,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(new TimeLimitError()), limitMs);
  const work = task(abort.signal);
  const ended = work.then(
    () => undefined,
    () => undefined,
  );
  const begun = setTimeout(() => {
    void withProgress(title, (_, signal) => {
      signal.addEventListener('abort', () => abort.abort(signal.reason), { once: true });
      return ended;
    });
  }, progressAfterMs);
  try {
    return await work;
  } finally {
    clearTimeout(limit);
    clearTimeout(begun);
  }
}

function show(how: Show, message: string, actions: readonly MessageAction[]): void {
  void (async () => {
    const chosen = await how(withoutLinks(message), ...actions.map(({ title }) => title));
    await actions.find(({ title }) => title === chosen)?.run();
  })().catch((error: unknown) => showError(localizeError(error)));
}

/**
 * VS Code turns `[text](command:...)` in a message into a link that runs the command. None of our own
 * messages has such a link, but names of files and models and texts of servers may.
 */
function withoutLinks(message: string): string {
  return message.replaceAll('](', '] (');
}
