import * as vscode from 'vscode';
import type { Configuration } from '../config/configuration.ts';
import type { Exclusions } from './exclusions.ts';
import { none, type Outcome } from './outcome.ts';
import { isMiddleOfLine, type Place } from './place.ts';
import { placeAt } from './placeInDocument.ts';
import { holdsPrivateKey } from './secrets.ts';
import type { Suggester } from './suggester.ts';
import type { SuggestionSwitch } from './switch.ts';

/**
 * Runs when a suggestion was accepted, which VS Code reports in no other way. Not for users, so it is in no
 * list of commands.
 */
export const acceptedCommand = '_codeworm.suggestionAccepted';

/** One object, because creating an error for each key costs time. */
const cancelled = new Error('VS Code does not want this suggestion any more.');

export interface ProviderDependencies {
  configuration: Configuration;
  exclusions: Exclusions;
  suggester: Suggester;
  switch: SuggestionSwitch;
  /** Called when there is no suggestion. */
  missing: (outcome: Outcome & { kind: 'none' }) => void;
  /** Called when VS Code gets a suggestion. */
  shown: (place: Place, text: string) => void;
}

/** Provides VS Code's inline suggestions. */
export class SuggestionProvider implements vscode.InlineCompletionItemProvider {
  private readonly dependencies: ProviderDependencies;

  constructor(dependencies: ProviderDependencies) {
    this.dependencies = dependencies;
  }

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    { triggerKind, selectedCompletionInfo: selected }: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(cancelled));
    try {
      const byHand = triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
      const refusal = await this.refusalOf(document);
      if (refusal || token.isCancellationRequested) return [];
      const place = placeAt(document, position, { byHand, selected });
      const outcome = await this.outcomeAt(place, abort.signal);
      if (outcome.kind === 'none') this.dependencies.missing(outcome);
      if (outcome.kind === 'none' || token.isCancellationRequested) return [];
      this.dependencies.shown(place, outcome.text);
      return [itemFor(place, outcome.text, position, selected)];
    } finally {
      subscription.dispose();
    }
  }

  /** The real or possible outcome of a suggestion at a position. */
  async outcomeAt(place: Place, signal: AbortSignal): Promise<Outcome> {
    return this.refusalAt(place) ?? this.dependencies.suggester.suggest(place, signal);
  }

  /** Why there is no suggestion at a position. */
  refusalAt(place: Place): (Outcome & { kind: 'none' }) | undefined {
    if (!place.byHand && isMiddleOfLine(place)) return none('middleOfLine');
    const isSecret = holdsPrivateKey(place.prefix) || holdsPrivateKey(place.suffix);
    return isSecret ? none('secret') : undefined;
  }

  /** Why there is no suggestion in a document, at any position. */
  async refusalOf(document: vscode.TextDocument): Promise<(Outcome & { kind: 'none' }) | undefined> {
    const { configuration, exclusions } = this.dependencies;
    if (this.dependencies.switch.refusal) return this.dependencies.switch.refusal;
    const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
    if (editors.some(({ selections }) => selections.length > 1)) return none('cursors');
    return exclusions.refusalOf(document, configuration.current);
  }
}

function itemFor(
  place: Place,
  text: string,
  position: vscode.Position,
  selected: vscode.SelectedCompletionInfo | undefined,
): vscode.InlineCompletionItem {
  const insertText = (selected?.text ?? '') + text;
  const range = selected?.range ?? new vscode.Range(position, position);
  return new vscode.InlineCompletionItem(insertText, range, {
    command: acceptedCommand,
    title: '',
    arguments: [place.document, place.offset, insertText],
  });
}
