import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { sameModel } from '../ollama/index.ts';
import { numberText } from '../ui/format.ts';
import { localizeError } from '../ui/localize.ts';
import { offlineText, serverName } from './serverName.ts';
import { can, isDemo, type PromptUse, type ServerFacts, type Status } from './status.ts';

/** Only our own commands may be links, and no text from a server is read as Markdown. */
export function tooltip(facts: ServerFacts, status: Status, more: readonly string[]): vscode.MarkdownString {
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
    ...(can(facts, 'load') && !facts.loaded && facts.modelInstalled ? [] : (['codeworm.prewarm'] as const)),
    ...(can(facts, 'unload') && facts.loaded ? [] : (['codeworm.unload'] as const)),
  ]);
  return tooltipCommands
    .filter((command) => !impossible.has(command))
    .map((command) => `[${titles[command]}](command:${command})`);
}

/** What a status means, in one sentence. */
export function headline(status: Status, facts: ServerFacts): string {
  switch (status.kind) {
    case 'checking':
      return vscode.l10n.t('CodeWorm is looking for the server.');
    case 'notApproved':
      return vscode.l10n.t(
        'Nothing is sent to {0}, which is on another machine, before you approve it.',
        status.origin,
      );
    case 'offline':
      return offlineText(facts);
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
    ...(isDemo(facts) ? [vscode.l10n.t('demo server, prepared answers')] : []),
  ];
  return [
    vscode.l10n.t('Server: {0}', server.join(' · ')),
    ...(facts.model ? [vscode.l10n.t('Model: {0}', [facts.model, ...loadedText(facts)].join(' · '))] : []),
    ...(loaded?.gpuShare === undefined ? [] : [vscode.l10n.t('Runs on: {0}', where(loaded.gpuShare))]),
    ...windowLines(facts),
    ...(facts.lastTokensPerSecond === undefined
      ? []
      : [vscode.l10n.t('Last speed: {0} tokens/s', numberText(facts.lastTokensPerSecond))]),
    ...(facts.lastPrompt ? [lastPromptLine(facts.lastPrompt)] : []),
    ...(facts.slots ? [vscode.l10n.t('Slots: {0} of {1} busy', facts.slots.busy, facts.slots.total)] : []),
  ];
}

function lastPromptLine({ tokens, cached }: PromptUse): string {
  return vscode.l10n.t(
    'Last prompt: {0} tokens, {1} of them reused from the cache',
    numberText(tokens),
    numberText(cached),
  );
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
