import * as vscode from 'vscode';
import type { ChangeEffect, Refusal } from '../answers/judgeTypes.ts';
import type { GenerationResult } from '../ollama/index.ts';
import { codeSpan } from '../text/markdown.ts';
import { listText } from './format.ts';

/** Most names in a title, and in a sentence. */
const inTitle = 3;
const inSentence = 12;

/** The title for the diff of a change that removes something; undefined for any other. */
export function effectTitle(
  title: string,
  file: string,
  { removes, adds, lines }: ChangeEffect,
): string | undefined {
  if (removes.length > 0 && adds.length > 0)
    return vscode.l10n.t(
      '{0} {1}: removes {2}, adds {3}',
      title,
      file,
      namesText(removes, inTitle),
      namesText(adds, inTitle),
    );
  if (removes.length > 0)
    return vscode.l10n.t('{0} {1}: removes {2}', title, file, namesText(removes, inTitle));
  return lines && vscode.l10n.t('{0} {1}: removes {2} of {3} lines', title, file, lines.lost, lines.total);
}

/** What a change removes, as a sentence; undefined for nothing. */
export function effectMessage(file: string, { removes, adds, lines }: ChangeEffect): string | undefined {
  if (removes.length > 0 && adds.length > 0)
    return vscode.l10n.t(
      'The change to {0} removes {1} and adds {2}.',
      file,
      namesText(removes),
      namesText(adds),
    );
  if (removes.length > 0) return vscode.l10n.t('The change to {0} removes {1}.', file, namesText(removes));
  return lines && vscode.l10n.t('The change to {0} removes {1} of {2} lines.', file, lines.lost, lines.total);
}

/** Names in a sentence: `parse`, `render` and 4 more. */
export function namesText(names: readonly string[], most = inSentence): string {
  const shown = names.slice(0, most).map(codeSpan);
  const rest = names.length - shown.length;
  return listText(rest > 0 ? [...shown, vscode.l10n.t('{0} more', rest)] : shown);
}

/** Why an answer is not used. */
export function rejectionMessage(
  { unusable, names = [] }: { unusable: Refusal; names?: string[] },
  { windowFull }: GenerationResult,
): string {
  switch (unusable) {
    case 'cut':
      if (windowFull)
        return vscode.l10n.t(
          'The context window was full before the answer was complete: nothing is proposed, and the text is in the output.',
        );
      return vscode.l10n.t(
        'The answer was cut at the token limit, so its code is not complete: nothing is proposed, and the text is in the output.',
      );
    case 'noCode':
      return vscode.l10n.t(
        'The answer has no code that could be used: nothing is proposed, and the text is in the output.',
      );
    case 'incomplete':
      return vscode.l10n.t(
        'The code of the answer has no end: nothing is proposed, and the text is in the output.',
      );
    case 'ambiguous':
      return vscode.l10n.t(
        'Code fences inside the code leave it open where the code of the answer ends: nothing is proposed, and the text is in the output.',
      );
    case 'toolCall':
      return vscode.l10n.t(
        'The model answered with a call of a tool instead of code: nothing is proposed. Ask again, or choose another model.',
      );
    case 'conflict':
      return vscode.l10n.t(
        'The answer has marks of search and replace, or of a conflict, that do not fit the code: nothing is proposed, and the text is in the output.',
      );
    case 'elided':
      return vscode.l10n.t(
        'The answer leaves out a part of the code: nothing is proposed, and the text is in the output.',
      );
    case 'otherLanguage':
      return vscode.l10n.t(
        'The code of the answer is in another language: nothing is proposed, and the text is in the output.',
      );
    case 'several':
      return vscode.l10n.t(
        'The answer has several versions of the code: nothing is proposed, and they are in the output.',
      );
    case 'patch':
      return vscode.l10n.t(
        'The answer is a patch instead of new code: nothing is proposed, and the text is in the output.',
      );
    case 'other':
      return vscode.l10n.t(
        'The answer has no new version of this code: nothing is proposed, and the text is in the output.',
      );
    case 'part':
      return vscode.l10n.t(
        'The answer has only a part of the code, and where that belongs is not certain: nothing is proposed, and the text is in the output.',
      );
    case 'more':
      return vscode.l10n.t(
        'The answer changes more than this code, and the change to it cannot be told from the others: nothing is proposed, and the text is in the output.',
      );
    case 'twice':
      return vscode.l10n.t(
        'The change would declare {0} twice: nothing is proposed, and the text is in the output.',
        namesText(names),
      );
    case 'unchanged':
      return vscode.l10n.t('The answer leaves the code as it is; what it says is in the output.');
  }
}
