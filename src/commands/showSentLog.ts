import * as vscode from 'vscode';
import type { Services } from '../services.ts';
import { escapeMarkdown } from '../text/markdown.ts';
import { isThisMachine, type Approval } from '../trust/approvals.ts';
import type { SentTo } from '../trust/sentLog.ts';

/** Shows to which servers code was sent, when and how often. Nothing else is recorded. */
export async function showWhereCodeWasSent({ reports, trust }: Services): Promise<void> {
  const title = vscode.l10n.t('Where Code Was Sent');
  await reports.show(title, `# ${title}\n\n${textFor(trust.sent.all, trust.approvals.all)}\n`);
}

function textFor(sent: readonly SentTo[], approvals: readonly Approval[]): string {
  const unused = approvals.filter(({ origin }) => !sent.some((entry) => entry.origin === origin));
  return [
    sent.length === 0 ? vscode.l10n.t('No code has been sent anywhere yet.') : table(sent, approvals),
    ...(unused.length > 0
      ? [
          vscode.l10n.t(
            'Approved, but never used: {0}.',
            unused.map(({ origin }) => escapeMarkdown(origin)).join(', '),
          ),
        ]
      : []),
    vscode.l10n.t(
      'This list holds servers, times and counts, and nothing of your code, questions or answers. It is kept in the storage of this VS Code and goes nowhere. The command Revoke Approval takes an approval back.',
    ),
  ].join('\n\n');
}

function table(sent: readonly SentTo[], approvals: readonly Approval[]): string {
  const hasNames = sent.some(({ askedBy }) => askedBy !== undefined);
  const head = [
    vscode.l10n.t('Server'),
    vscode.l10n.t('First'),
    vscode.l10n.t('Last'),
    vscode.l10n.t('Prompts'),
    vscode.l10n.t('Approval'),
    ...(hasNames ? [vscode.l10n.t('Of them in the chat')] : []),
  ];
  const rows = sent.map(({ origin, first, last, count, askedBy = {} }) => [
    escapeMarkdown(origin),
    time(first),
    time(last),
    String(count),
    approvalOf(origin, approvals),
    ...(hasNames ? [namesText(askedBy)] : []),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Who asked through VS Code's chat, by number of prompts. */
function namesText(askedBy: Readonly<Record<string, number>>): string {
  return Object.entries(askedBy)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name === 'core' ? 'VS Code' : escapeMarkdown(name)}: ${count}`)
    .join(', ');
}

function approvalOf(origin: string, approvals: readonly Approval[]): string {
  const given = approvals.find((approval) => approval.origin === origin);
  if (given) return vscode.l10n.t('since {0}', time(given.since));
  return isThisMachine(origin) ? vscode.l10n.t('not needed: this machine') : vscode.l10n.t('revoked');
}

function time(iso: string): string {
  return new Date(iso).toLocaleString(vscode.env.language);
}
