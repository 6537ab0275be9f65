import * as vscode from 'vscode';
import type { Estimate } from '../workspace/estimate.ts';
import type { Plan } from '../workspace/plan.ts';
import { numberText, timeText } from '../../ui/format.ts';

/** How many pages are chosen, beside the title of the tree. */
export function chosenText(chosen: number, listed: number): string {
  return vscode.l10n.t('{0} of {1} pages', numberText(chosen), numberText(listed));
}

/** The estimate for the chosen pages, shown above the tree. */
export function estimateText({ pages, seconds, promptTokens, writtenTokens }: Estimate): string {
  if (pages === 0) return vscode.l10n.t('No page is chosen: tick those that are worth writing.');
  const tokens = vscode.l10n.t(
    'About {0} tokens to read and {1} to write',
    numberText(rounded(promptTokens)),
    numberText(rounded(writtenTokens)),
  );
  const time =
    seconds === undefined
      ? vscode.l10n.t('time not known before the model has answered once')
      : vscode.l10n.t('about {0}, one page after another', timeText(seconds));
  return [tokens, time].join(' · ');
}

/** Two digits are as precise as the estimate. */
function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.round(value / step) * step;
}

/** What was planned and what was left out. */
export function planSentence({ items, files, notOutlined, skipped }: Plan, listed: number): string {
  const left = Object.values(skipped).reduce((sum, count) => sum + count, 0);
  const parts = [
    vscode.l10n.t(
      'Pages that could be written: {0} (files: {1}).',
      numberText(items.length),
      numberText(files),
    ),
    ...(listed < items.length ? [vscode.l10n.t('The best {0} are listed.', numberText(listed))] : []),
    ...(left === 1
      ? [vscode.l10n.t('1 file was left out: not code, generated, vendored, secret, or too large.')]
      : []),
    ...(left > 1
      ? [
          vscode.l10n.t(
            '{0} files were left out: not code, generated, vendored, secret, or too large.',
            numberText(left),
          ),
        ]
      : []),
    ...(notOutlined > 0
      ? [
          vscode.l10n.t(
            'Planned only as whole files, because they are long or the time was over: {0}.',
            numberText(notOutlined),
          ),
        ]
      : []),
  ];
  return parts.join(' ');
}
