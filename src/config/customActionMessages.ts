import * as vscode from 'vscode';
import type { EntryFault, EntryProblem } from './customActions.ts';

/** One sentence that names the entry of `codeworm.actions`. */
export function problemSentence({ entry, title, fault }: EntryProblem): string {
  return title === undefined
    ? vscode.l10n.t('Entry {0} of codeworm.actions cannot be used: {1}.', entry, faultSentence(fault))
    : vscode.l10n.t(
        'Entry {0} ("{1}") of codeworm.actions cannot be used: {2}.',
        entry,
        title,
        faultSentence(fault),
      );
}

/** What is wrong with an entry, without a full stop. */
export function faultSentence(fault: EntryFault): string {
  switch (fault.kind) {
    case 'notAnObject':
      return vscode.l10n.t('it is not an object with a title and an instruction');
    case 'missing':
      return vscode.l10n.t('it has no "{0}"', fault.field);
    case 'notATextList':
      return vscode.l10n.t('"{0}" is not a list of texts', fault.field);
    case 'unknownValue':
      return vscode.l10n.t('"{0}" has {1}, which is none of {2}', fault.field, fault.value, fault.allowed);
    case 'unknownField':
      return vscode.l10n.t('it has an unknown property "{0}"', fault.field);
    case 'titleTaken':
      return vscode.l10n.t('an entry before it has the same title');
  }
}
