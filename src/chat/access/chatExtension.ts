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
    await Promise.race([enable(), limit]);
    clearTimeout(timer);
  });
}

/** Never rejects: other versions of VS Code have no such command, and need none. */
async function enable(): Promise<void> {
  try {
    const enabled = enabledExtension();
    const isThere = vscode.extensions.getExtension(extensionId) !== undefined;
    if (!isThere && (await vscode.commands.executeCommand(setupCommand)) === false) return;
    await (await enabled).activate();
  } catch {
    return;
  }
}

function enabledExtension(): Promise<vscode.Extension<unknown>> {
  return new Promise((resolve) => {
    const subscription = vscode.extensions.onDidChange(() => resolveIfThere());
    const resolveIfThere = (): void => {
      const extension = vscode.extensions.getExtension(extensionId);
      if (!extension) return;
      subscription.dispose();
      resolve(extension);
    };
    resolveIfThere();
  });
}
