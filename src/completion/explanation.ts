import * as vscode from 'vscode';
import { actionsForError, command, setting, vscodeCommand } from '../ui/errorActions.ts';
import { sizeText } from '../ui/format.ts';
import { localizeError } from '../ui/localize.ts';
import type { MessageAction } from '../ui/notifications.ts';
import type { Outcome } from './outcome.ts';
import { isOllama, offlineText } from '../status/serverName.ts';
import type { ServerFacts } from '../status/status.ts';
import type { InfillProposal } from './proposal.ts';

/** One sentence about a position, with actions. */
export interface Explanation {
  message: string;
  actions: MessageAction[];
}

/**
 * Explains why there is no suggestion.
 * @param proposal the model to offer when none can infill; undefined for a server that does not pull models
 */
export function explanationOf(
  outcome: Outcome,
  proposal: InfillProposal | undefined,
  facts: ServerFacts,
): Explanation {
  if (outcome.kind === 'shown')
    return { message: vscode.l10n.t('There is a suggestion here.'), actions: [suggestHere()] };
  return { message: messageOf(outcome, proposal, facts), actions: actionsFor(outcome, proposal, facts) };
}

function messageOf(
  { reason, detail = '', error }: Outcome & { kind: 'none' },
  proposal: InfillProposal | undefined,
  facts: ServerFacts,
): string {
  switch (reason) {
    case 'off':
      return vscode.l10n.t('Suggestions while typing are off.');
    case 'paused':
      return vscode.l10n.t('Suggestions are paused until {0}.', detail);
    case 'untrusted':
      return vscode.l10n.t('There are no suggestions in a workspace that you have not trusted.');
    case 'editorOff':
      return vscode.l10n.t(
        'The setting editor.inlineSuggest.enabled is off, so VS Code shows no suggestions here.',
      );
    case 'language':
      return vscode.l10n.t('Suggestions are off for the language "{0}".', detail);
    case 'noEditor':
      return vscode.l10n.t('No editor has the focus: put the cursor where a suggestion is wanted.');
    case 'notCode':
      return vscode.l10n.t('This is not a file that you can change, so nothing of it is sent to a model.');
    case 'secret':
      return vscode.l10n.t('This file may hold keys or passwords, so nothing of it is sent to a model.');
    case 'ignored':
      return vscode.l10n.t(
        'Git ignores this file, or could not be asked, so nothing of it is sent to a model.',
      );
    case 'excluded':
      return vscode.l10n.t(
        'The settings files.exclude or search.exclude leave this file out, so nothing of it is sent to a model.',
      );
    case 'cursors':
      return vscode.l10n.t('There are several cursors: suggestions come for a single one.');
    case 'middleOfLine':
      return vscode.l10n.t(
        'More than closing brackets follows in this line: there, suggestions come by command only.',
      );
    case 'tokens':
      return vscode.l10n.t(
        "The text around the cursor contains one of the model's own control tokens, which the model would obey.",
      );
    case 'notApproved':
      return vscode.l10n.t('Nothing is sent to {0} before you approve that server.', detail);
    case 'offline':
      return offlineText(facts);
    case 'noModel':
    case 'notInstalled':
    case 'noInfill':
    case 'rereads':
      return proposal ? withProposal(reason, detail, proposal) : withoutProposal(reason, detail);
    case 'busy':
      return vscode.l10n.t('The model is busy with something more important: suggestions wait for it.');
    case 'failed':
      return error
        ? vscode.l10n.t('The request for a suggestion failed: {0}', localizeError(error))
        : vscode.l10n.t('The request for a suggestion failed: see the log.');
    case 'nothing':
      return vscode.l10n.t('The model was asked, but wrote nothing that fits here.');
    case 'cancelled':
      return vscode.l10n.t('The text or the cursor has moved while the model wrote: try again.');
  }
}

type OfModel = 'noModel' | 'notInstalled' | 'noInfill' | 'rereads';

function withProposal(reason: OfModel, model: string, { name, downloadBytes }: InfillProposal): string {
  const size = sizeText(downloadBytes);
  switch (reason) {
    case 'noModel':
      return vscode.l10n.t('No model is installed that can fill in code: {0} can ({1}).', name, size);
    case 'notInstalled':
      return vscode.l10n.t('The model {0} for suggestions is not installed.', model);
    case 'noInfill':
      return vscode.l10n.t('The model {0} cannot fill in code: {1} can ({2}).', model, name, size);
    case 'rereads':
      return vscode.l10n.t(
        'The model {0} is too slow for suggestions, because it reads the whole file again at each key: {1} does not ({2}).',
        model,
        name,
        size,
      );
  }
}

/** For a server whose models are loaded there. */
function withoutProposal(reason: OfModel, model: string): string {
  switch (reason) {
    case 'noModel':
      return vscode.l10n.t(
        'None of the models on the server can fill in code: load one there that can, such as Qwen2.5-Coder.',
      );
    case 'notInstalled':
      return vscode.l10n.t('The server does not have the model {0}: select another one.', model);
    case 'noInfill':
    case 'rereads':
      return vscode.l10n.t('The model {0} cannot make suggestions: choose another one for them.', model);
  }
}

function actionsFor(
  { reason, detail, error }: Outcome & { kind: 'none' },
  proposal: InfillProposal | undefined,
  facts: ServerFacts,
): MessageAction[] {
  switch (reason) {
    case 'off':
      return [command(vscode.l10n.t('Turn On'), 'codeworm.turnOnSuggestions')];
    case 'paused':
      return [command(vscode.l10n.t('Resume'), 'codeworm.turnOnSuggestions')];
    case 'untrusted':
      return [vscodeCommand(vscode.l10n.t('Manage Workspace Trust'), 'workbench.trust.manage')];
    case 'language':
      return [setting(vscode.l10n.t('Open Setting'), 'completion.languages')];
    case 'editorOff':
      return [
        vscodeCommand(
          vscode.l10n.t('Open Setting'),
          'workbench.action.openSettings',
          'editor.inlineSuggest.enabled',
        ),
      ];
    case 'excluded':
      return [vscodeCommand(vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', '.exclude')];
    case 'middleOfLine':
    case 'nothing':
    case 'cancelled':
      return [suggestHere()];
    case 'tokens':
      return [setting(vscode.l10n.t('Choose Another Model'), 'completion.model')];
    case 'notApproved':
      return [command(vscode.l10n.t('Approve Server'), 'codeworm.approveServer')];
    case 'offline':
      return [
        ...(isOllama(facts) ? [command(vscode.l10n.t('Start Ollama'), 'codeworm.startOllama')] : []),
        command(vscode.l10n.t('Diagnose Connection'), 'codeworm.diagnose'),
      ];
    case 'noModel':
    case 'noInfill':
    case 'rereads':
      return modelActions(proposal, proposal?.name);
    case 'notInstalled':
      return modelActions(proposal, detail);
    case 'failed':
      return actionsForError(error);
    case 'noEditor':
    case 'notCode':
    case 'secret':
    case 'ignored':
    case 'cursors':
    case 'busy':
      return [];
  }
}

function modelActions(proposal: InfillProposal | undefined, model = ''): MessageAction[] {
  return [
    ...(proposal ? [pull(model)] : []),
    setting(vscode.l10n.t('Choose Another Model'), 'completion.model'),
  ];
}

function pull(model: string): MessageAction {
  return command(vscode.l10n.t('Pull {0}', model), 'codeworm.pullModel', model);
}

function suggestHere(): MessageAction {
  return vscodeCommand(vscode.l10n.t('Suggest Here'), 'editor.action.inlineSuggest.trigger');
}
