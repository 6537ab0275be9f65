import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { currentSubject, generate } from './askAboutCode.ts';

/** Asks the user's own question about the code at the cursor. */
export async function ask(parts: Parts): Promise<void> {
  const subject = await currentSubject();
  if (!subject) return;
  const question = await vscode.window.showInputBox({
    title: vscode.l10n.t('Ask About {0}', subject.kind === 'symbol' ? subject.name : subject.path),
    prompt: vscode.l10n.t('Your question; the answer comes in the CodeWorm output.'),
    ignoreFocusOut: true,
  });
  if (question?.trim()) await generate(parts, 'ask', question.trim(), subject, question);
}
