import * as vscode from 'vscode';
import { statusItemId, type CommandId } from '../contributions.ts';
import { numberText, timeText } from '../ui/format.ts';
import { sameModel } from '../ollama/index.ts';
import type { Monitor } from './monitor.ts';
import { isOllama, serverName } from './serverName.ts';
import { can, isDemo, type Activity, type PagesActivity, type ServerFacts, type Status } from './status.ts';
import { localizeError } from '../ui/localize.ts';

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
    this.item.command = 'codeworm.showActions';
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

/** Only our own commands may be links, and no text from a server is read as Markdown. */
function tooltip(facts: ServerFacts, status: Status, more: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString('', true);
  markdown.isTrusted = { enabledCommands: [...tooltipCommands] };
  for (const line of [headline(status, facts), ...answering(facts, status), ...tooltipLines(facts), ...more])
    markdown.appendText(line).appendMarkdown('\n\n');
  markdown.appendMarkdown(links(facts).join(' · '));
  return markdown;
}

const tooltipCommands = [
  'codeworm.checkHealth',
  'codeworm.selectModel',
  'codeworm.prewarm',
  'codeworm.unload',
  'codeworm.showAnswers',
  'codeworm.showLog',
] as const satisfies CommandId[];

function links(facts: ServerFacts): string[] {
  const titles: Record<(typeof tooltipCommands)[number], string> = {
    'codeworm.checkHealth': vscode.l10n.t('Check Health'),
    'codeworm.selectModel': vscode.l10n.t('Select Model'),
    'codeworm.prewarm': vscode.l10n.t('Prewarm'),
    'codeworm.unload': vscode.l10n.t('Unload'),
    'codeworm.showAnswers': vscode.l10n.t('Answers'),
    'codeworm.showLog': vscode.l10n.t('Log'),
  };
  const impossible = new Set<CommandId>([
    ...(can(facts, 'load') ? [] : (['codeworm.prewarm'] as const)),
    ...(can(facts, 'unload') ? [] : (['codeworm.unload'] as const)),
  ]);
  return tooltipCommands
    .filter((command) => !impossible.has(command))
    .map((command) => `[${titles[command]}](command:${command})`);
}

function headline(status: Status, facts: ServerFacts): string {
  switch (status.kind) {
    case 'checking':
      return isOllama(facts)
        ? vscode.l10n.t('CodeWorm is looking for Ollama.')
        : vscode.l10n.t('CodeWorm is looking for the server.');
    case 'notApproved':
      return vscode.l10n.t(
        'Nothing is sent to {0}, which is on another machine, before you approve it.',
        status.origin,
      );
    case 'offline':
      return isOllama(facts)
        ? vscode.l10n.t('Ollama does not answer: start it, or check the address.')
        : vscode.l10n.t('The server does not answer: start it, or check the address.');
    case 'noModel':
      if (status.problem) return localizeError(status.problem);
      return can(facts, 'pull')
        ? vscode.l10n.t('Ollama runs, but no model is installed: pull one.')
        : vscode.l10n.t('The server has no model: load one there.');
    case 'modelNotInstalled':
      return can(facts, 'pull')
        ? vscode.l10n.t('The model {0} is not installed: pull it, or select another one.', status.model)
        : vscode.l10n.t('The server does not have the model {0}: select another one.', status.model);
    case 'idle':
      return vscode.l10n.t('Ready; the model will be loaded by the next question.');
    case 'loading':
      return vscode.l10n.t('The model is being loaded.');
    case 'pulling':
      return vscode.l10n.t('The model {0} is being pulled; a click offers to stop that.', status.model);
    case 'remote':
      return vscode.l10n.t('Ready; the model does not run on your Ollama, but on {0}.', status.host);
    case 'ready':
      return can(facts, 'loadedModels')
        ? vscode.l10n.t('Ready; the model is loaded.')
        : vscode.l10n.t('Ready; the server has the model.');
    case 'working':
      return status.activity.retry ?? vscode.l10n.t('CodeWorm is working; click to cancel.');
    case 'reduced':
      return vscode.l10n.t(
        'Ready with a smaller context window of {0} tokens, because memory ran out.',
        status.numCtx,
      );
    case 'pages':
      return vscode.l10n.t('Pages of the workspace are written; your own questions go first.');
    case 'error':
      return localizeError(status.problem);
  }
}

/** The answering model, if it is not the one of the other lines. */
function answering({ model }: ServerFacts, status: Status): string[] {
  if (status.kind !== 'working' || status.model === '' || sameModel(status.model, model ?? '')) return [];
  return [vscode.l10n.t('This answer: {0}', status.model)];
}

function tooltipLines(facts: ServerFacts): string[] {
  const { loaded } = facts;
  const server = [
    facts.origin,
    ...(facts.version ? [`${serverName(facts)} ${facts.version}`] : []),
    ...(isDemo(facts) ? [vscode.l10n.t('demo server, canned answers')] : []),
  ];
  return [
    vscode.l10n.t('Server: {0}', server.join(' · ')),
    ...(facts.model ? [vscode.l10n.t('Model: {0}', [facts.model, ...loadedText(facts)].join(' · '))] : []),
    ...(loaded ? [vscode.l10n.t('Runs on: {0}', where(loaded.gpuShare))] : []),
    ...windowLines(facts),
    ...(facts.lastTokensPerSecond === undefined
      ? []
      : [vscode.l10n.t('Last speed: {0} tokens/s', numberText(facts.lastTokensPerSecond))]),
  ];
}

/** Empty for a server that does not report it. */
function loadedText(facts: ServerFacts): string[] {
  if (!can(facts, 'loadedModels')) return [];
  return [facts.loaded ? vscode.l10n.t('loaded') : vscode.l10n.t('not loaded')];
}

function windowLines(facts: ServerFacts): string[] {
  const { loaded, adoptedNumCtx } = facts;
  if (can(facts, 'contextSize'))
    return loaded && loaded.contextLength > 0 ? [windowLine(loaded.contextLength, adoptedNumCtx)] : [];
  return adoptedNumCtx === undefined ? [] : [windowLine(adoptedNumCtx, undefined)];
}

function windowLine(tokens: number, adopted: number | undefined): string {
  return adopted === undefined
    ? vscode.l10n.t('Context window: {0} tokens', numberText(tokens))
    : vscode.l10n.t(
        'Context window: {0} tokens; loaded by another program, and used as it is',
        numberText(adopted),
      );
}

function where(gpuShare: number): string {
  if (gpuShare >= 0.995) return vscode.l10n.t('GPU');
  return gpuShare <= 0.005
    ? vscode.l10n.t('CPU')
    : vscode.l10n.t('{0} % GPU, the rest CPU', Math.round(gpuShare * 100));
}

/** Prefix with the product name for screen readers. */
function named(text: string): string {
  return text.startsWith('CodeWorm') ? text : `CodeWorm: ${text}`;
}

/** Without icons, for screen readers. */
function spoken(text: string): string {
  return text.replace(/\$\([^)]*\)\s*/g, '');
}
