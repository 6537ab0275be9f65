import * as vscode from 'vscode';
import type { Subject } from '../code/subject.ts';
import { showInfo } from '../ui/notifications.ts';
import { requireEditor } from './requireEditor.ts';
import { locateSubject, type LocatedSubject } from './subject.ts';

type SubjectKind = Subject['kind'];

/**
 * The code at the cursor or the selection, limited to `kinds` if given. Shows a message when there is none.
 */
export async function currentSubject(kinds?: readonly SubjectKind[]): Promise<LocatedSubject | undefined> {
  const editor = await requireEditor(
    vscode.l10n.t('Open a file first: CodeWorm answers about the code at the cursor.'),
  );
  if (!editor) return undefined;
  const place = await locateSubject(editor, kinds);
  if (place && place.subject.code.trim() !== '') return place;
  showInfo(place ? vscode.l10n.t('There is no code here yet to ask about.') : missingSentence(kinds));
  return undefined;
}

function missingSentence(kinds: readonly SubjectKind[] = []): string {
  if (kinds.length > 1)
    return vscode.l10n.t('Select some code, or put the cursor into a function or class first.');
  return kinds[0] === 'selection'
    ? vscode.l10n.t('Select some code first.')
    : vscode.l10n.t('Put the cursor into a function or class first.');
}
