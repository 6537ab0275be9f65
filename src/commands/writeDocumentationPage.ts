import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { pageClosing, pageFields, pageHeader } from '../prompts/page.ts';
import { currentSubject, generate } from './askAboutCode.ts';

/**
 * Writes a documentation page about the code at the cursor: the text streams into the output, and the whole
 * page, with its fields and the source, opens beside the code when it is complete.
 */
export async function writeDocumentationPage(parts: Parts): Promise<void> {
  const subject = await currentSubject();
  if (!subject) return;
  const outcome = await generate(
    parts,
    'writeDocumentationPage',
    vscode.l10n.t('Documentation Page'),
    subject,
  );
  if (outcome.kind !== 'finished') return;
  const header = pageHeader(pageFields(subject, vscode.workspace.name));
  const closing = pageClosing({ program: 'CodeWorm', date: new Date() });
  const content = `${header}${outcome.result.text.trim()}\n${closing}`;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    preserveFocus: true,
  });
}
