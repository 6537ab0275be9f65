import * as vscode from 'vscode';
import { sizeText, timeText } from '../ui/format.ts';
import type { PullState } from './pulls.ts';

/** For example "1.2 of 4.7 GB · 34 MB/s · 1 min 43 s left". */
export function progressText({
  phase,
  completedBytes,
  totalBytes,
  bytesPerSecond,
}: Omit<PullState, 'model' | 'origin' | 'resumedBytes'>): string {
  switch (phase) {
    case 'manifest':
      return vscode.l10n.t('asking the registry');
    case 'downloading': {
      const facts = [vscode.l10n.t('{0} of {1}', sizeText(completedBytes), sizeText(totalBytes))];
      if (bytesPerSecond !== undefined && bytesPerSecond >= 1) {
        facts.push(vscode.l10n.t('{0}/s', sizeText(bytesPerSecond)));
        facts.push(vscode.l10n.t('{0} left', timeText((totalBytes - completedBytes) / bytesPerSecond)));
      } else if (bytesPerSecond !== undefined) facts.push(vscode.l10n.t('waiting for data'));
      return facts.join(' · ');
    }
    case 'verifying':
      return vscode.l10n.t('checking the download');
    case 'writing':
    case 'cleaning':
      return vscode.l10n.t('finishing');
  }
}

/** From 0 to 100. */
export function percentOf({
  completedBytes,
  totalBytes,
}: Pick<PullState, 'completedBytes' | 'totalBytes'>): number {
  return totalBytes > 0 ? (completedBytes / totalBytes) * 100 : 0;
}
