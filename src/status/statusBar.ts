import * as vscode from 'vscode';
import { statusItemId, type CommandId } from '../contributions.ts';
import { numberText, timeText } from '../ui/format.ts';
import type { Monitor } from './monitor.ts';
import { can, isDemo, type Activity, type PagesActivity, type ServerFacts, type Status } from './status.ts';
import { isOllama } from './serverName.ts';
import { headline, tooltip } from './tooltip.ts';

/** Text and color of a status in the status bar. */
interface Appearance {
  text: string;
  color?: 'warning' | 'error';
}

/** Adds lines to the tooltip. */
export interface TooltipSource {
  readonly tooltipLines: readonly string[];
  readonly onDidChange: vscode.Event<void>;
}

/** The status bar item: a short text, all facts in the tooltip, and a click for the possible actions. */
export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem(
    statusItemId,
    vscode.StatusBarAlignment.Right,
    100,
  );
  private readonly monitor: Monitor;
  private readonly more: TooltipSource;
  private readonly subscription: vscode.Disposable;

  /** @param more lines about facts that the monitor does not have */
  constructor(monitor: Monitor, more: TooltipSource) {
    this.monitor = monitor;
    this.more = more;
    this.item.name = 'CodeWorm';
    this.item.command = 'codeworm.showActions' satisfies CommandId;
    this.subscription = vscode.Disposable.from(
      monitor.onDidChange(() => this.render()),
      more.onDidChange(() => this.render()),
    );
    this.render();
    this.item.show();
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.item).dispose();
  }

  private render(): void {
    const { facts, status } = this.monitor;
    const { text, color } = appearance(status, facts);
    const demo = isDemo(facts) ? ` · ${vscode.l10n.t('demo')}` : '';
    this.item.text = text + demo;
    this.item.backgroundColor = color && new vscode.ThemeColor(`statusBarItem.${color}Background`);
    this.item.tooltip = tooltip(facts, status, this.more.tooltipLines);
    // Icon and color are lost on a screen reader, so the label contains the whole sentence.
    const label = `${named(spoken(text))}${demo}. ${headline(status, facts)}`;
    this.item.accessibilityInformation = { label, role: 'button' };
  }
}

function appearance(status: Status, facts: ServerFacts): Appearance {
  switch (status.kind) {
    case 'checking':
      return { text: `$(sync~spin) CodeWorm` };
    case 'notApproved':
      return {
        text: `$(shield) ${vscode.l10n.t('{0} not approved', hostOf(status.origin))}`,
        color: 'warning',
      };
    case 'offline':
      return {
        text: `$(debug-disconnect) ${isOllama(facts) ? vscode.l10n.t('Ollama offline') : vscode.l10n.t('Server offline')}`,
        color: 'warning',
      };
    case 'noModel':
      return {
        text: `$(warning) ${status.problem || !can(facts, 'pull') ? vscode.l10n.t('No model that answers') : vscode.l10n.t('No model installed')}`,
        color: 'warning',
      };
    case 'modelNotInstalled':
      return {
        text: `$(warning) ${can(facts, 'pull') ? vscode.l10n.t('{0} not installed', status.model) : vscode.l10n.t('{0} not on the server', status.model)}`,
        color: 'warning',
      };
    case 'idle':
      return { text: `$(circle-outline) ${status.model}` };
    case 'loading':
      return {
        text: `$(loading~spin) ${vscode.l10n.t('Loading {0}', status.model)}${expected(status.expectedMs)}`,
      };
    case 'pulling':
      return {
        text: `$(cloud-download) ${vscode.l10n.t('Pulling {0}: {1} %', status.model, status.percent)}`,
      };
    case 'remote':
      return { text: `$(cloud) ${status.model}` };
    case 'ready':
      return { text: `$(circle-filled) ${status.model}` };
    case 'working':
      return { text: `$(loading~spin) ${working(status.activity)}` };
    case 'reduced':
      return {
        text: `$(circle-filled) ${status.model} · ${vscode.l10n.t('context {0}', numberText(status.numCtx))}`,
        color: 'warning',
      };
    case 'pages':
      return { text: pagesText(status) };
    case 'error':
      return { text: `$(error) ${vscode.l10n.t('CodeWorm: error')}`, color: 'error' };
  }
}

function pagesText({ done, total, secondsLeft, isPaused }: PagesActivity): string {
  const pages = vscode.l10n.t('Pages: {0} of {1}', done, total);
  if (isPaused) return `$(debug-pause) ${pages} · ${vscode.l10n.t('paused')}`;
  const left = secondsLeft === undefined ? '' : ` · ${vscode.l10n.t('about {0}', timeText(secondsLeft))}`;
  return `$(book) ${pages}${left}`;
}

function hostOf(origin: string): string {
  return new URL(origin).host;
}

function expected(ms: number | undefined): string {
  return ms === undefined ? '' : ` ${vscode.l10n.t('(about {0} s)', Math.ceil(ms / 1000))}`;
}

function working(activity: Activity & { kind: 'generating' }): string {
  const speed =
    activity.phase === 'writing' && activity.tokensPerSecond !== undefined
      ? ` ${vscode.l10n.t('{0} tok/s', numberText(activity.tokensPerSecond))}`
      : '';
  const queued = activity.queued > 0 ? ` ${vscode.l10n.t('(+{0} waiting)', activity.queued)}` : '';
  return `${activity.title}: ${phaseText(activity.phase)}${speed}${queued}`;
}

function phaseText(phase: (Activity & { kind: 'generating' })['phase']): string {
  switch (phase) {
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'connecting':
      return vscode.l10n.t('connecting');
    case 'queued':
      return vscode.l10n.t('queued');
    case 'loading':
      return vscode.l10n.t('loading the model');
    case 'reading':
      return vscode.l10n.t('reading the prompt');
    case 'thinking':
      return vscode.l10n.t('thinking');
    case 'writing':
      return vscode.l10n.t('writing');
  }
}

/** Prefix with the product name for screen readers. */
function named(text: string): string {
  return text.startsWith('CodeWorm') ? text : `CodeWorm: ${text}`;
}

/** Without icons, for screen readers. */
function spoken(text: string): string {
  return text.replace(/\$\([^)]*\)\s*/g, '');
}
