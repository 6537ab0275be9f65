import * as vscode from 'vscode';
import { Acceptance } from './acceptance.ts';
import { outcomeOfError } from './errors.ts';
import type { Monitor } from '../status/monitor.ts';
import { showInfo } from '../ui/notifications.ts';
import { codeSelector, Exclusions } from './exclusions.ts';
import { explanationOf, type Explanation } from './explanation.ts';
import { SuggestionFigures } from './figures.ts';
import { ModelOfServer } from './modelOfServer.ts';
import { warnOnce } from './memoryWarning.ts';
import { NeighborContext } from './neighborContext.ts';
import { none, type Outcome, type Reason } from './outcome.ts';
import { placeAt } from './placeInDocument.ts';
import { SuggestionProvider } from './provider.ts';
import type { Answered } from './request.ts';
import { Suggester } from './suggester.ts';
import type { SuggestionDependencies } from './suggestions.ts';
import { SuggestionSwitch } from './switch.ts';
import { figuresLines } from './tooltip.ts';
import { Warmer } from './warmer.ts';

/** Milliseconds. A shorter load duration means that the model was loaded already. */
const longLoadMs = 100;

/** Reasons that stay until the user changes something about the model. */
const withoutModel: ReadonlySet<Reason> = new Set<Reason>(['noModel', 'noInfill', 'rereads', 'notInstalled']);

/** Everything for suggestions. It is registered with VS Code while they are on. */
export class SuggestionService implements vscode.Disposable {
  readonly switch: SuggestionSwitch;
  readonly figures: SuggestionFigures;
  readonly provider: SuggestionProvider;
  readonly models: ModelOfServer;
  private readonly storage: vscode.Memento;
  private readonly monitor: Monitor;
  private readonly suggester: Suggester;
  private readonly acceptance: Acceptance;
  private readonly neighbors: NeighborContext;
  private readonly subscriptions: vscode.Disposable;
  private hasOffered = false;
  private registered: vscode.Disposable | undefined;

  /** @param changed called when the tooltip's text has changed */
  constructor(
    { configuration, clients, monitor, priorities, globalState }: SuggestionDependencies,
    changed: () => void,
  ) {
    this.storage = globalState;
    this.monitor = monitor;
    this.switch = new SuggestionSwitch(configuration, globalState);
    this.figures = new SuggestionFigures(globalState, changed);
    this.models = new ModelOfServer(configuration, clients, monitor);
    const exclusions = new Exclusions();
    this.neighbors = new NeighborContext(configuration, exclusions, () => this.switch.refusal === undefined);
    this.acceptance = new Acceptance(this.figures);
    this.suggester = new Suggester({
      priorities,
      model: (signal) => this.models.choose(signal),
      use: (work) => clients.use(work),
      neighbors: (place, chars) => this.neighbors.of(place.document, chars),
      answered: (answer) => this.answered(answer),
    });
    const { suggester } = this;
    this.provider = new SuggestionProvider({
      configuration,
      exclusions,
      suggester,
      switch: this.switch,
      missing: (outcome) => this.offerModel(outcome),
      shown: (place, text) => {
        this.acceptance.shown();
        void suggester.prepare(place, text);
      },
    });
    this.subscriptions = vscode.Disposable.from(
      this.switch,
      this.acceptance,
      this.neighbors,
      exclusions,
      this.switch.onDidChange(() => {
        this.update();
        changed();
      }),
      clients.onDidReplace(() => suggester.forget()),
      configuration.onDidChange(() => suggester.forget()),
    );
    this.update();
  }

  /** The outcome of a suggestion at the cursor. Asks the model only if there is no other reason. */
  async explain(editor: vscode.TextEditor | undefined, signal: AbortSignal): Promise<Explanation> {
    return this.explained(await this.outcomeIn(editor, signal));
  }

  /** The model for suggestions, or what is missing. */
  async explainModel(): Promise<Explanation> {
    const { refusal } = this.switch;
    this.hasOffered = true;
    if (refusal) return this.explained(refusal);
    try {
      const { name } = await this.models.choose(new AbortController().signal);
      return {
        message: vscode.l10n.t('Suggestions while typing are on; {0} makes them.', name),
        actions: [],
      };
    } catch (error) {
      return this.explained(outcomeOfError(error));
    }
  }

  get tooltipLines(): string[] {
    return figuresLines(this.figures.summary, this.switch.refusal);
  }

  dispose(): void {
    this.suggester.leave();
    this.registered?.dispose();
    this.subscriptions.dispose();
    this.figures.dispose();
  }

  private explained(outcome: Outcome): Explanation {
    return explanationOf(outcome, this.models.proposal, this.monitor.facts);
  }

  private async outcomeIn(editor: vscode.TextEditor | undefined, signal: AbortSignal): Promise<Outcome> {
    if (this.switch.refusal) return this.switch.refusal;
    if (!editor) return none('noEditor');
    if (!isShownIn(editor.document)) return none('editorOff');
    const refusal = await this.provider.refusalOf(editor.document);
    if (refusal) return refusal;
    // What was seen some seconds ago may be over.
    await this.monitor.probeTwice();
    this.suggester.forgetFailure();
    return this.provider.outcomeAt(placeAt(editor.document, editor.selection.active), signal);
  }

  /** Shows once what is missing, with a model to pull. */
  private offerModel(outcome: Outcome & { kind: 'none' }): void {
    if (this.hasOffered || !withoutModel.has(outcome.reason)) return;
    this.hasOffered = true;
    const { message, actions } = this.explained(outcome);
    showInfo(message, actions);
  }

  private answered(answer: Answered): void {
    this.figures.answered(answer);
    // A model that had to be loaded may have evicted another one.
    if (answer.loadMs > longLoadMs)
      void this.models.crowdedPair().then((pair) => pair && warnOnce(this.storage, pair));
  }

  /** Nothing is registered while suggestions are off. */
  private update(): void {
    const isOn = this.switch.refusal === undefined;
    if (!isOn) {
      this.suggester.leave();
      this.neighbors.clear();
    }
    if (isOn === (this.registered !== undefined)) return;
    this.registered?.dispose();
    this.registered = isOn ? this.register() : undefined;
  }

  private register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.languages.registerInlineCompletionItemProvider(codeSelector, this.provider),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        const changes = contentChanges.map(({ rangeOffset: offset, rangeLength: length, text }) => ({
          offset,
          length,
          text,
        }));
        if (changes.length > 0) this.suggester.follow(document.uri.toString(), changes);
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.suggester.leave()),
      new Warmer(this.provider, this.suggester),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor: { document }, selections: [at] }) => {
        if (at) this.suggester.moved(document.uri.toString(), document.offsetAt(at.active));
      }),
    );
  }
}

/** VS Code's own switch, which may be set for a language. */
function isShownIn(document: vscode.TextDocument): boolean {
  return vscode.workspace.getConfiguration('editor', document).get('inlineSuggest.enabled', true);
}
