import * as vscode from 'vscode';
import { numberText } from '../../ui/format.ts';
import { kindLabel } from './kindView.ts';
import type { PageStatus, ShownPage, ShownSubject } from './runTree.ts';

/** The row for all pages of a state. */
export function statusItem(status: PageStatus, count: number): vscode.TreeItem {
  const isOpen = status === 'failed' || status === 'writing' || status === 'stale';
  const item = new vscode.TreeItem(
    statusLabel(status),
    isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.description = numberText(count);
  item.iconPath = statusIcon(status);
  return item;
}

/** The row for a page. A click opens it, or the code that it will be about. */
export function shownItem(folder: vscode.Uri, { subject, status, page, reason }: ShownPage): vscode.TreeItem {
  const { path, symbol, kind } = subject;
  const item = new vscode.TreeItem(symbol ?? path.slice(path.lastIndexOf('/') + 1));
  item.description = [kindLabel(kind), path, reason].filter(Boolean).join(' · ');
  item.tooltip = [kindLabel(kind), symbol, path, page, reason].filter(Boolean).join('\n');
  item.iconPath = statusIcon(status);
  if (page !== undefined) item.command = openPage(folder, page);
  else if (path !== '') item.command = openCode(folder, subject);
  return item;
}

export function openCode(folder: vscode.Uri, { path, lines }: ShownSubject): vscode.Command {
  return {
    title: vscode.l10n.t('Open Code'),
    command: 'vscode.open',
    arguments: [
      vscode.Uri.joinPath(folder, path),
      { selection: new vscode.Range(lines.start, 0, lines.start, 0), preview: true },
    ],
  };
}

function openPage(folder: vscode.Uri, page: string): vscode.Command {
  return {
    title: vscode.l10n.t('Open Page'),
    command: 'vscode.open',
    arguments: [vscode.Uri.joinPath(folder, page), { preview: true }],
  };
}

function statusLabel(status: PageStatus): string {
  switch (status) {
    case 'failed':
      return vscode.l10n.t('Failed');
    case 'stale':
      return vscode.l10n.t('Stale');
    case 'edited':
      return vscode.l10n.t('Edited by You');
    case 'writing':
      return vscode.l10n.t('Being Written');
    case 'waiting':
      return vscode.l10n.t('Waiting');
    case 'done':
      return vscode.l10n.t('Done');
    case 'gone':
      return vscode.l10n.t('Source Is Gone');
  }
}

function statusIcon(status: PageStatus): vscode.ThemeIcon {
  switch (status) {
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'stale':
      return new vscode.ThemeIcon('history', new vscode.ThemeColor('list.warningForeground'));
    case 'edited':
      return new vscode.ThemeIcon('edit');
    case 'writing':
      return new vscode.ThemeIcon('loading~spin');
    case 'waiting':
      return new vscode.ThemeIcon('circle-outline');
    case 'done':
      return new vscode.ThemeIcon('check', new vscode.ThemeColor('testing.iconPassed'));
    case 'gone':
      return new vscode.ThemeIcon('trash');
  }
}
