import * as vscode from 'vscode';
import { numberText } from '../ui/format.ts';
import type { FiguresSummary } from './figures.ts';
import type { Outcome } from './outcome.ts';

/** Lines about suggestions for the status bar's tooltip; empty while they are off. */
export function figuresLines(
  { answers, medianWaitMs, reused, shown, accepted, kept, checked }: FiguresSummary,
  refusal: (Outcome & { kind: 'none' }) | undefined,
): string[] {
  if (refusal?.reason === 'off' || refusal?.reason === 'untrusted') return [];
  const paused = refusal ? [vscode.l10n.t('Suggestions are paused until {0}.', refusal.detail ?? '')] : [];
  if (answers === 0 && shown === 0)
    return refusal ? paused : [vscode.l10n.t('Suggestions are on; none was made yet.')];
  const waits = vscode.l10n.t(
    'Suggestions: median wait {0} s, {1} % of the prompts reused',
    numberText(medianWaitMs / 1000),
    reused,
  );
  const worth = vscode.l10n.t(
    'Suggestions: {0} shown, {1} accepted, {2} of {3} still there after 30 s',
    shown,
    accepted,
    kept,
    checked,
  );
  return [...paused, waits, worth];
}
