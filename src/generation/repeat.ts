import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import { thinkFor } from '../config/tasks.ts';
import type { ErrorKind, Think } from '../ollama/index.ts';
import { setting } from '../ui/errorActions.ts';
import { showInfo, type MessageAction } from '../ui/notifications.ts';
import type { ClientProvider } from './clientProvider.ts';
import { isEmptyAnswer } from './emptyAnswer.ts';
import type { Job, Outcome } from './queue.ts';
import type { Variation } from './variation.ts';

/** Asks again from the beginning with a variation. */
export type Again = (variation: Variation) => unknown;

/** The services that asking again needs. */
interface Repeating {
  configuration: Configuration;
  clients: ClientProvider;
  /** The variation of the earlier request. */
  variation?: Variation;
}

/** Adds to a job the model of its task and the chosen thinking and length. */
export function completeJob({ configuration, variation = {} }: Repeating, job: Job): Job {
  const { models, think } = configuration.current;
  const model = models[job.task];
  return {
    ...job,
    ...(model === undefined ? {} : { model }),
    think: variation.think ?? thinkFor(think, job.task),
    ...(variation.maxTokens === undefined ? {} : { maxTokens: variation.maxTokens }),
  };
}

/** Buttons that ask again, for an answer that cannot be used. */
export function repeatActions(services: Repeating, outcome: Outcome, again: Again): MessageAction[] {
  if (outcome.kind !== 'failed') return [];
  const { error } = outcome;
  const { variation = {} } = services;
  const action = (title: string, more: Variation): MessageAction => ({
    title,
    run: () => again({ ...variation, ...more }),
  });
  if (error.kind === 'thinkingOnly')
    return [
      ...(variation.think === false ? [] : [action(vscode.l10n.t('Without Thinking'), { think: false })]),
      ...longer(services, outcome, action),
    ];
  const mayHelp = isEmptyAnswer(error) || passing.has(error.kind);
  return mayHelp ? [action(vscode.l10n.t('Try Again'), {})] : [];
}

/** Problems that may be over when the same is asked again, as their messages advise. */
const passing: ReadonlySet<ErrorKind> = new Set([
  'unparsable',
  'busy',
  'cut',
  'garbled',
  'closed',
  'gatewayTimeout',
  'loadTimeout',
  'runnerDied',
]);

/**
 * A variation with twice the tokens. When the context window is the limit, a button for its setting instead.
 */
function longer(
  { clients, variation = {} }: Repeating,
  { result }: Outcome & { kind: 'failed' },
  action: (title: string, more: Variation) => MessageAction,
): MessageAction[] {
  if (result?.doneReason !== 'length') return [];
  const title = vscode.l10n.t('Longer');
  const limit = variation.maxTokens ?? clients.current.settings.numPredict;
  const hasRoom = limit > 0 && (result.promptTokens ?? 0) + 2 * limit <= result.numCtx;
  return [hasRoom ? action(title, { maxTokens: limit * 2 }) : setting(title, 'numCtx')];
}

/** Models for which the user was told that the thinking setting does not work. */
const warnedModels = new Set<string>();

/**
 * Warns once per model that it refuses the user's thinking setting. Says nothing when CodeWorm itself chose
 * the value.
 */
export function warnRefusedThinking(
  { clients, configuration }: Repeating,
  model: string,
  think: unknown,
): void {
  const { think: choice } = configuration.current;
  const { origin } = clients.current;
  const key = `${origin} ${model} ${choice}`;
  if (choice === 'auto' || choice === 'off' || warnedModels.has(key)) return;
  if (think === undefined || !clients.thinkSupport.hasRefused(origin, model, think as Think)) return;
  warnedModels.add(key);
  showInfo(
    vscode.l10n.t(
      'The model {0} does not think as the setting codeworm.think says: it was asked without that.',
      model,
    ),
    [setting(vscode.l10n.t('Open Setting'), 'think')],
  );
}
