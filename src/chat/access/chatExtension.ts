import * as vscode from 'vscode';

/** VS Code's extension with its chat and agent. */
const extensionId = 'GitHub.copilot-chat';
const setupCommand = 'workbench.action.chat.triggerSetupAnonymousWithoutDialog';
/** Milliseconds after which the chat is opened as it is. */
const patienceMs = 20_000;

/**
 * Enables VS Code's chat for a user who is not signed in. VS Code itself does it with the first question, and
 * without a connection to GitHub it then answers that question with "Please try again."
 */
export async function enableChatExtension(): Promise<void> {
  if (vscode.extensions.getExtension(extensionId)?.isActive) return;
  const title = vscode.l10n.t("Getting VS Code's chat ready…");
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title }, async () => {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    const subscriptions: vscode.Disposable[] = [];
    await Promise.race([enable(subscriptions), limit]);
    clearTimeout(timer);
    vscode.Disposable.from(...subscriptions).dispose();
  });
}

/**
 * Never rejects: other versions of VS Code have no such command, and need none.
 * @param subscriptions gets what must be disposed when nobody waits any more
 */
async function enable(subscriptions: vscode.Disposable[]): Promise<void> {
  try {
    const enabled = enabledExtension(subscriptions);
    const isThere = vscode.extensions.getExtension(extensionId) !== undefined;
    if (!isThere && (await vscode.commands.executeCommand(setupCommand)) === false) return;
    await (await enabled).activate();
  } catch {
    return;
  }
}

function enabledExtension(subscriptions: vscode.Disposable[]): Promise<vscode.Extension<unknown>> {
  return new Promise((resolve) => {
    const resolveIfThere = (): void => {
      const extension = vscode.extensions.getExtension(extensionId);
      if (extension) resolve(extension);
    };
    subscriptions.push(vscode.extensions.onDidChange(resolveIfThere));
    resolveIfThere();
  });
}
