import * as vscode from 'vscode';
import { localizeError } from './localize.ts';

/** Something that can be done about what a message says, and the button for it. */
export interface MessageAction {
  title: string;
  run: () => unknown;
}

type Show = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

/** Tells the user something. None of these waits for the user. */
export function showInfo(message: string, remedies: readonly MessageAction[] = []): void {
  show(vscode.window.showInformationMessage, message, remedies);
}

/** Tells the user that something is not as it should be. */
export function showWarning(message: string, remedies: readonly MessageAction[] = []): void {
  show(vscode.window.showWarningMessage, message, remedies);
}

/** Tells the user that something has failed. */
export function showError(message: string, remedies: readonly MessageAction[] = []): void {
  show(vscode.window.showErrorMessage, message, remedies);
}

/** Asks before something that cannot be undone, and waits for the answer; true when the button was pressed. */
export async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}

/** Shows that something is under way, which the user can end by a button. */
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

/** What is done sooner is shown by its result alone. */
const progressAfterMs = 400;

/** A task has taken longer than it may. */
export class TimeLimitError extends Error {
  override name = 'TimeLimitError';
}

/**
 * As `withProgress`, for what is done at once as a rule, and must not wait forever: the progress is shown when it is not
 * done at once. The signal aborts when the user cancels, and, with a `TimeLimitError` as its reason, at the limit.
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

function show(how: Show, message: string, remedies: readonly MessageAction[]): void {
  void (async () => {
    const chosen = await how(withoutLinks(message), ...remedies.map(({ title }) => title));
    await remedies.find(({ title }) => title === chosen)?.run();
  })().catch((error: unknown) => showError(localizeError(error)));
}

/**
 * VS Code makes a link of `[text](command:...)` in a message, and runs the command when it is clicked. No message of
 * ours has one; the names of files and models and the words of servers that stand in them may.
 */
function withoutLinks(message: string): string {
  return message.replaceAll('](', '] (');
}
