import * as vscode from 'vscode';
import { modelVendor } from '../contributions.ts';
import { enableChatExtension } from '../chat/access/chatExtension.ts';
import { ChatSettings } from '../chat/access/chatSettings.ts';
import { openWithModel, openWithParticipant, requireChat } from '../chat/access/chatView.ts';
import { requireAnswer } from '../generation/requireAnswer.ts';
import type { Services } from '../services.ts';
import { sanitizeMarkdown } from '../text/sanitizeMarkdown.ts';
import { setContextKey } from '../ui/contextKeys.ts';
import { command, vscodeCommand } from '../ui/errorActions.ts';
import { showInfo, type MessageAction } from '../ui/notifications.ts';

/** Milliseconds that VS Code may take to report the signed-in accounts. */
const accountsPatienceMs = 1000;

/**
 * Opens VS Code's chat with one of our models if that is possible, else with `@codeworm`, which always works.
 * If VS Code would require signing in, first offers to change its settings.
 */
export async function openChat(services: Services): Promise<void> {
  if (!(await requireChat())) return;
  const model = await chatModel(services);
  const settings = new ChatSettings(services.storage);
  if (!model) return openWithParticipant();
  const isAnonymous = settings.isAllowed || !(await isSignedIn());
  if (isAnonymous && !settings.isAllowed) {
    if (!settings.exists) {
      showInfo(
        vscode.l10n.t(
          'This version of VS Code asks to sign in before its chat uses your model; @codeworm works without. From 1.121 on, a setting changes that.',
        ),
      );
      return openWithParticipant();
    }
    if (!(await allowed(settings, model))) return openWithParticipant();
  }
  if (isAnonymous) await enableChatExtension();
  if (!(await openWithModel(model))) await openWithParticipant();
}

/** Continues the last answer in VS Code's chat, which shows it. */
export async function continueInChat({ lastAnswer }: Services): Promise<void> {
  const answer = requireAnswer(lastAnswer);
  if (!answer || !(await requireChat())) return;
  lastAnswer.continueInChat();
  await vscode.commands.executeCommand('workbench.action.chat.newChat').then(undefined, () => undefined);
  const { title, subject, text } = answer;
  await openWithParticipant([{ request: `${title} · ${subject}`, response: sanitizeMarkdown(text) }]);
}

/** Restores the settings of VS Code's chat. */
export async function stopChat({ storage }: Services): Promise<void> {
  try {
    await new ChatSettings(storage).restore();
  } catch {
    return tellNotChanged();
  }
  setContextKey('codeworm.chatAllowed', false);
  showInfo(vscode.l10n.t("The settings of VS Code's chat are again what they were."));
}

/** The chat's name of the model that requests use. Undefined when VS Code does not know it. */
async function chatModel({ monitor }: Services): Promise<string | undefined> {
  const models = await vscode.lm.selectChatModels({ vendor: modelVendor });
  const used = models.find(({ id }) => id === monitor.facts.model);
  return (used ?? models[0])?.id;
}

async function isSignedIn(): Promise<boolean> {
  const accounts = Promise.resolve(vscode.authentication.getAccounts('github')).catch(() => []);
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<[]>((resolve) => (timer = setTimeout(resolve, accountsPatienceMs, [])));
  const found = await Promise.race([accounts, limit]);
  clearTimeout(timer);
  return found.length > 0;
}

/** Asks, and changes the settings if the user agrees. */
async function allowed(settings: ChatSettings, model: string): Promise<boolean> {
  const change = vscode.l10n.t('Change Settings');
  const participant = vscode.l10n.t('Use @codeworm');
  const detail = [
    vscode.l10n.t(
      'It would ask to sign in to GitHub, although your model needs no account. With chat.allowAnonymousAccess it asks no longer; chat.utilityModel and chat.utilitySmallModel let your model write the titles of chats, too.',
    ),
    vscode.l10n.t(
      'Stop Chat Without Signing In puts the settings back. Without them, @codeworm answers in the same chat.',
    ),
  ].join('\n\n');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t("Let VS Code's chat use your model without signing in?"),
    { modal: true, detail },
    change,
    participant,
  );
  if (chosen !== change) return false;
  try {
    await settings.allow(`${modelVendor}/${model}`);
  } catch {
    tellNotChanged();
    return false;
  }
  setContextKey('codeworm.chatAllowed', true);
  showInfo(vscode.l10n.t("VS Code's chat uses your model without signing in now."), [stop()]);
  return true;
}

function tellNotChanged(): void {
  const text = vscode.l10n.t(
    'VS Code does not let an extension change chat.allowAnonymousAccess here: change it in your settings.json.',
  );
  showInfo(text, [vscodeCommand(vscode.l10n.t('Open Setting'), 'workbench.action.openSettingsJson')]);
}

const stop = (): MessageAction => command(vscode.l10n.t('Stop'), 'codeworm.stopChat');
