import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import type { Subject } from '../code/subject.ts';
import { kindsIn, textIn } from '../config/commandArguments.ts';
import { currentSubject } from '../editor/currentSubject.ts';
import { generate } from '../generation/questions.ts';

/** Asks the user's own question about the code at the cursor. A key binding may contain the question. */
export async function ask(services: Services, args?: unknown): Promise<void> {
  const subject = (await currentSubject(kindsIn(args)))?.subject;
  if (!subject) return;
  const question = textIn(args, 'question') ?? (await askFor(subject));
  if (question?.trim()) await generate(services, 'ask', question.trim(), subject, question);
}

function askFor(subject: Subject): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Ask About {0}', subject.kind === 'symbol' ? subject.name : subject.path),
    prompt: vscode.l10n.t('Your question; the answer comes in the CodeWorm output.'),
    ignoreFocusOut: true,
  });
}
