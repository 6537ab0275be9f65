import * as vscode from 'vscode';
import { activeEditor } from '../editor/activeEditor.ts';
import { locateSubject } from '../editor/subject.ts';
import { setting, vscodeCommand } from '../ui/errorActions.ts';
import { showInfo, showWarning } from '../ui/notifications.ts';
import { readCustomAction, type CustomAction, type SubjectKind } from '../config/customActions.ts';
import { faultSentence } from '../config/customActionMessages.ts';
import type { Services } from '../services.ts';
import { textIn } from '../config/commandArguments.ts';
import { currentSubject } from '../editor/currentSubject.ts';
import { proposeEdit } from '../editor/edits.ts';
import { insertGeneratedCode } from '../editor/insertions.ts';
import { generate } from '../generation/questions.ts';

/**
 * Runs a custom action: the one a key binding names (`{"title": "..."}`) or defines (`{"instruction": "...",
 * "answer": "diff"}`), else the one the user picks.
 */
export async function runAction(services: Services, args?: unknown): Promise<void> {
  const { actions } = services.configuration.current;
  const action = isBinding(args) ? actionOf(args, actions) : await choose(actions);
  if (action) await perform(services, action);
}

async function perform(
  services: Services,
  { title, instruction, show, answer }: CustomAction,
): Promise<void> {
  const place = await currentSubject(show);
  if (!place) return;
  switch (answer) {
    case 'show':
      await generate(services, 'own', title, place.subject, instruction);
      return;
    case 'diff':
      return proposeEdit(services, { action: 'edit', title, place, question: instruction });
    case 'insert':
      return insertGeneratedCode(services, { action: 'own', title, place, question: instruction });
  }
}

/** Menus pass a URI and more; only a key binding passes one of these fields. */
function isBinding(args: unknown): args is object {
  return textIn(args, 'title') !== undefined || textIn(args, 'instruction') !== undefined;
}

/** Finds the action. Shows a message when it does not exist or is invalid. */
function actionOf(args: object, actions: readonly CustomAction[]): CustomAction | undefined {
  const title = textIn(args, 'title')?.trim();
  if (textIn(args, 'instruction') === undefined) {
    const named = actions.find((action) => action.title === title);
    if (!named) offerSettings(vscode.l10n.t('There is no custom action with the title "{0}".', title ?? ''));
    return named;
  }
  const read = readCustomAction({ title: vscode.l10n.t('Custom Action'), ...args });
  if ('action' in read) return read.action;
  showWarning(
    vscode.l10n.t('The arguments of the key binding cannot be used: {0}.', faultSentence(read.fault)),
    [vscodeCommand(vscode.l10n.t('Open Keyboard Shortcuts'), 'workbench.action.openGlobalKeybindingsFile')],
  );
  return undefined;
}

type ActionItem = vscode.QuickPickItem & { action?: CustomAction };

/** Lets the user pick among the actions that apply to the current editor. */
async function choose(actions: readonly CustomAction[]): Promise<CustomAction | undefined> {
  const fitting = await fittingActions(actions);
  if (fitting.length === 0) {
    offerSettings(
      actions.length === 0
        ? vscode.l10n.t('You have no custom actions yet: add some in the setting codeworm.actions.')
        : vscode.l10n.t('None of your custom actions is for what is at the cursor.'),
    );
    return undefined;
  }
  const settings: ActionItem = { label: `$(gear) ${vscode.l10n.t('Edit Custom Actions')}` };
  const chosen = await vscode.window.showQuickPick<ActionItem>([...fitting.map(itemFor), settings], {
    title: vscode.l10n.t('Custom Actions'),
    matchOnDetail: true,
  });
  if (chosen === settings) openSettings();
  return chosen?.action;
}

async function fittingActions(actions: readonly CustomAction[]): Promise<CustomAction[]> {
  const editor = activeEditor();
  if (!editor || actions.length === 0) return [];
  const there = await kindsThere(editor);
  const { languageId } = editor.document;
  return actions.filter(
    ({ show, languages }) =>
      show.some((kind) => there.has(kind)) && (languages.length === 0 || languages.includes(languageId)),
  );
}

async function kindsThere(editor: vscode.TextEditor): Promise<Set<SubjectKind>> {
  const found = await Promise.all([locateSubject(editor, ['selection']), locateSubject(editor, ['symbol'])]);
  return new Set(['file', ...found.flatMap((place) => place?.subject.kind ?? [])]);
}

function itemFor(action: CustomAction): ActionItem {
  const icons = { show: 'output', insert: 'insert', diff: 'diff' };
  return { label: `$(${icons[action.answer]}) ${action.title}`, detail: action.instruction, action };
}

function offerSettings(message: string): void {
  showInfo(message, [
    setting(vscode.l10n.t('Open Setting'), 'actions'),
    vscodeCommand(vscode.l10n.t('Open Settings File'), 'workbench.action.openSettingsJson'),
  ]);
}

function openSettings(): void {
  void setting('', 'actions').run();
}
