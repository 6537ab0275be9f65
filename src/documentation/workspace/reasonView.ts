import * as vscode from 'vscode';
import { numberText } from '../../ui/format.ts';
import type { ItemState, PlanItem, Reason } from './planItem.ts';
import { kindLabel } from './kindView.ts';

/** Most reasons beside a page; its tooltip has all. */
const mostShown = 3;

/** For example `48 · complexity 17 · 120 lines · no doc comment`. */
export function scoreText({ score, reasons }: PlanItem): string {
  const words = reasons.filter(({ points }) => points > 0).slice(0, mostShown);
  return [numberText(score), ...words.map(reasonText)].join(' · ');
}

/** Every reason with its points, one per line. */
export function scoreTooltip(item: PlanItem): string {
  const { path, symbol, kind, score, reasons, lines } = item;
  const about = symbol ?? path;
  return [
    `${kindLabel(kind)}: ${about}`,
    vscode.l10n.t('{0}, lines {1}-{2}', path, lines.start + 1, lines.end + 1),
    vscode.l10n.t('Score {0}:', numberText(score)),
    ...reasons.map((reason) => `${reason.points > 0 ? '+' : ''}${reason.points}  ${reasonText(reason)}`),
  ].join('\n');
}

function reasonText({ rule, value = 0 }: Reason): string {
  switch (rule) {
    case 'complexity':
      return vscode.l10n.t('complexity {0}', value);
    case 'length':
      return vscode.l10n.t('{0} lines', value);
    case 'uses':
      return vscode.l10n.t('name in other files: {0}', value);
    case 'commits':
      return vscode.l10n.t('commits in a year: {0}', value);
    case 'recent':
      return vscode.l10n.t('changed {0}', daysAgo(value));
    case 'noDocComment':
      return vscode.l10n.t('no doc comment');
    case 'page':
      return vscode.l10n.t('no current page');
    case 'test':
      return vscode.l10n.t('a test or an example');
    default:
      return rule;
  }
}

/** For example "today", "yesterday", "3 days ago". */
function daysAgo(days: number): string {
  return new Intl.RelativeTimeFormat(vscode.env.language, { numeric: 'auto' }).format(-days, 'day');
}

/** The state of an existing page, for its line in a tree; empty for a missing one. */
export function stateText(state: ItemState): string {
  switch (state) {
    case 'missing':
      return '';
    case 'stale':
      return vscode.l10n.t('page is stale');
    case 'current':
      return vscode.l10n.t('page is current');
    case 'edited':
      return vscode.l10n.t('page was edited by hand');
    case 'failed':
      return vscode.l10n.t('failed last time');
    case 'gone':
      return vscode.l10n.t('source is gone');
  }
}
