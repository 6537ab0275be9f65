import * as vscode from 'vscode';
import { problemsAt } from '../editor/diagnostics.ts';
import { vscodeCommand } from '../ui/errorActions.ts';
import { showInfo } from '../ui/notifications.ts';
import type { Services } from '../services.ts';
import { renderProblems } from '../prompts/problems.ts';
import { generate } from '../generation/questions.ts';
import { proposeEdit } from '../editor/edits.ts';
import { requireEditor } from '../editor/requireEditor.ts';

/** Explains or fixes diagnostics: those in the code action's range, else those at the cursor. */
export async function aboutProblem(
  services: Services,
  action: 'explainProblem' | 'fixProblem',
  uri?: unknown,
  range?: unknown,
): Promise<void> {
  const from = await sourceOf(uri, range);
  if (!from) return;
  const reported = await problemsAt(...from);
  if (!reported)
    return showInfo(vscode.l10n.t('No problem is reported at the cursor.'), [
      vscodeCommand(vscode.l10n.t('Show Problems'), 'workbench.actions.view.problems'),
    ]);
  const { place, problems } = reported;
  const question = renderProblems(problems);
  if (action === 'fixProblem')
    await proposeEdit(services, { action, title: vscode.l10n.t('Fix Problem'), place, question });
  else await generate(services, action, vscode.l10n.t('Explain Problem'), place.subject, question);
}

async function sourceOf(uri: unknown, range: unknown): Promise<Parameters<typeof problemsAt> | undefined> {
  if (uri instanceof vscode.Uri && range instanceof vscode.Range)
    return [await vscode.workspace.openTextDocument(uri), range];
  const editor = await requireEditor(
    vscode.l10n.t('Open a file first: CodeWorm answers about the code at the cursor.'),
  );
  return editor && [editor.document, editor.selection];
}
