import * as vscode from 'vscode';
import type { RunReport } from '../workspace/runTypes.ts';
import { numberText } from '../../ui/format.ts';
import { codeSpan, escapeMarkdown } from '../../text/markdown.ts';

/** The notification at the end of a run. */
export function endSentence({ counts, passed, isStopped }: RunReport): string {
  const { written, skipped, proposed, failed, gone, waiting } = counts;
  const parts = [
    isStopped
      ? vscode.l10n.t(
          'The run was stopped. Pages written: {0}, left for later: {1}.',
          numberText(written),
          numberText(waiting),
        )
      : written === 1
        ? vscode.l10n.t('1 page written.')
        : vscode.l10n.t('{0} pages written.', numberText(written)),
    written > 0 && vscode.l10n.t('Passed the check: {0}.', `${Math.floor((passed * 100) / written)} %`),
    skipped > 0 && vscode.l10n.t('Skipped, because the source has not changed: {0}.', numberText(skipped)),
    proposed > 0 && vscode.l10n.t('Changed by you, and waiting for your review: {0}.', numberText(proposed)),
    failed > 0 && vscode.l10n.t('Failed: {0}.', numberText(failed)),
    gone > 0 && vscode.l10n.t('Without a source any more: {0}.', numberText(gone)),
  ];
  return parts.filter(Boolean).join(' ');
}

/** The message of Update Documentation when no page has to be written. */
export function currentSentence(pages: number, gone: number): string {
  if (pages === 0)
    return vscode.l10n.t('There are no pages of CodeWorm here yet: Document Workspace writes them.');
  return gone === 0
    ? vscode.l10n.t('Nothing has to be written: every page is up to date ({0}).', pages)
    : vscode.l10n.t('Nothing has to be written; pages without a source any more: {0} of {1}.', gone, pages);
}

/** The pages that need attention: failed ones with the reason, proposals, and pages without a source. */
export function reportText({ failures, proposals, gone }: RunReport): string {
  return [
    `# ${vscode.l10n.t('Documentation Run')}\n\n`,
    list(
      vscode.l10n.t('Failed'),
      failures.map(({ item, reason }) => `${about(item)}: ${escapeMarkdown(reason)}`),
    ),
    list(
      vscode.l10n.t('Changed by you, so that the new text waits for your review'),
      proposals.map(({ page }) => codeSpan(page)),
    ),
    list(
      vscode.l10n.t('Without a source: delete them when you no longer need them'),
      gone.map(
        ({ path, symbol, kind }) =>
          `${about({ path, ...(symbol === undefined ? {} : { symbol }) })}, ${kind}`,
      ),
    ),
  ].join('');
}

function about({ path, symbol }: { path: string; symbol?: string }): string {
  return symbol === undefined ? codeSpan(path) : `${codeSpan(symbol)} (${codeSpan(path)})`;
}

function list(title: string, rows: readonly string[]): string {
  return rows.length === 0 ? '' : `## ${title}\n\n${rows.map((row) => `- ${row}\n`).join('')}\n`;
}
