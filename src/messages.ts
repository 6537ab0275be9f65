import * as vscode from 'vscode';

/** Something that can be done about what a message says, and the button for it. */
export interface Remedy {
  title: string;
  run: () => unknown;
}

type Show = (message: string, ...buttons: string[]) => Thenable<string | undefined>;

/** Tells the user something. None of these waits for the user. */
export function tell(message: string, remedies: readonly Remedy[] = []): void {
  show(vscode.window.showInformationMessage, message, remedies);
}

/** Tells the user that something is not as it should be. */
export function warn(message: string, remedies: readonly Remedy[] = []): void {
  show(vscode.window.showWarningMessage, message, remedies);
}

/** Tells the user that something has failed. */
export function complain(message: string, remedies: readonly Remedy[] = []): void {
  show(vscode.window.showErrorMessage, message, remedies);
}

/** Asks before something that cannot be undone, and waits for the answer; true when the button was pressed. */
export async function confirm(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}

function show(how: Show, message: string, remedies: readonly Remedy[]): void {
  void how(withoutLinks(message), ...remedies.map(({ title }) => title)).then((chosen) =>
    remedies.find(({ title }) => title === chosen)?.run(),
  );
}

/**
 * VS Code makes a link of `[text](command:...)` in a message, and runs the command when it is clicked. No message of
 * ours has one; the names of files and models and the words of servers that stand in them may.
 */
function withoutLinks(message: string): string {
  return message.replaceAll('](', '] (');
}
