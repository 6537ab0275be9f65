import * as vscode from 'vscode';
import { isPageKind, type PageKind } from '../../prompts/pageKinds.ts';

/** The name of a kind of page, or of a summary. */
export function kindLabel(kind: string): string {
  if (isPageKind(kind)) return pageKindLabel(kind);
  if (kind === 'week') return vscode.l10n.t('Weekly Summary');
  return kind === 'month' ? vscode.l10n.t('Monthly Summary') : kind;
}

export function pageKindLabel(kind: PageKind): string {
  switch (kind) {
    case 'function':
      return vscode.l10n.t('Function Documentation');
    case 'class':
      return vscode.l10n.t('Class Documentation');
    case 'file':
      return vscode.l10n.t('File Documentation');
    case 'module':
      return vscode.l10n.t('Module Documentation');
    case 'security':
      return vscode.l10n.t('Security Review');
    case 'performance':
      return vscode.l10n.t('Performance Analysis');
    case 'patterns':
      return vscode.l10n.t('Pattern Analysis');
    case 'learned':
      return vscode.l10n.t('Today I Learned');
    case 'evolution':
      return vscode.l10n.t('Code Evolution');
  }
}

/** Of VS Code's icons. */
export function kindIcon(kind: string): string {
  switch (kind) {
    case 'function':
      return 'symbol-method';
    case 'class':
      return 'symbol-class';
    case 'week':
    case 'month':
      return 'calendar';
    default:
      return 'markdown';
  }
}
