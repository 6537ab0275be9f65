import * as vscode from 'vscode';
import { DocumentationView } from '../workspace/documentationView.ts';
import { estimateOf } from '../workspace/estimate.ts';
import { PageTree } from '../workspace/pageTree.ts';
import { defaultKinds, type Plan, type PlanOptions } from '../workspace/plan.ts';
import type { ModelSpeeds } from '../../models/speeds.ts';
import { setContextKey } from '../../ui/contextKeys.ts';
import { command } from '../../ui/errorActions.ts';
import { showInfo, withProgress } from '../../ui/notifications.ts';
import { pathInWorkspace } from './folderFiles.ts';
import type { PlanItem } from '../workspace/planItem.ts';
import { RunCommands, type RunCommandServices } from './runCommands.ts';
import { ShownPages } from './shownPages.ts';
import { summarySources } from './summarySources.ts';
import { planArguments } from './arguments.ts';
import { makePlan } from './makePlan.ts';
import { askCount, askKinds, folderOf } from './planQuestions.ts';
import { chosenText, estimateText, planSentence } from './planTexts.ts';

/** Pages that a laptop can write in a night. */
const defaultCount = 25;
/** Most pages in the tree; more would not be read. */
const mostListed = 5_000;

/** The services it needs. */
export interface DocumentationServices extends RunCommandServices {
  speeds: ModelSpeeds;
  log: Pick<vscode.LogOutputChannel, 'info'>;
  subscriptions: { push(...items: vscode.Disposable[]): unknown };
}

interface CurrentPlan {
  folder: vscode.Uri;
  tree: PageTree;
  /** Number of lines per file. */
  fileLines: ReadonlyMap<string, number>;
}

/** Documents a workspace: plans pages, and shows the plan to choose from. */
export class WorkspaceDocumentation implements vscode.Disposable {
  /** Runs that write pages. */
  readonly runCommands: RunCommands;
  private readonly services: DocumentationServices;
  private readonly view = new DocumentationView();
  private readonly shownPages: ShownPages;
  private readonly subscription: vscode.Disposable;
  private current: CurrentPlan | undefined;

  constructor(services: DocumentationServices) {
    this.services = services;
    const otherMaterial = (root: vscode.Uri) => summarySources(root, () => services.configuration.current);
    this.runCommands = new RunCommands({ ...services, otherMaterial });
    this.shownPages = new ShownPages(this.view, this.runCommands.runs);
    this.subscription = this.view.onDidChoose(() => this.describeChoice());
  }

  /**
   * Plans pages and shows them. `{"folder": uri, "count": n, "kinds": [...], "ask": false}` skips all
   * questions.
   */
  async documentWorkspace(args?: unknown): Promise<void> {
    const { folder: asked, count = defaultCount, kinds: wanted, ask } = planArguments(args);
    const folder = await folderOf(asked, ask);
    const kinds = folder && (wanted ?? (ask ? await askKinds() : defaultKinds));
    const plan = kinds && (await this.plan(folder, kinds));
    if (!plan) return;
    if (plan.items.length === 0)
      return showInfo(vscode.l10n.t('There is no code here that a page could be about.'));
    const listed = plan.items.slice(0, mostListed);
    this.show(folder, plan, new PageTree(listed), count);
    if (!ask) return this.writeChosenPages();
    await this.view.open();
    showInfo(planSentence(plan, listed.length), [
      command(vscode.l10n.t('Write Chosen Pages'), 'codeworm.writeChosenPages'),
      command(vscode.l10n.t('Choose Best Pages'), 'codeworm.chooseBestPages'),
    ]);
  }

  /** Writes the chosen pages. Resolves when the run has ended. */
  async writeChosenPages(): Promise<void> {
    const { current } = this;
    if (!current) return;
    const root = vscode.workspace.getWorkspaceFolder(current.folder)?.uri ?? current.folder;
    const prefix = pathInWorkspace(current.folder);
    const inRoot = (items: readonly PlanItem[]): PlanItem[] =>
      items.map((item) => (prefix === '' || item.path === '' ? item : atPath(item, prefix + item.path)));
    await this.runCommands.runs.start(root, inRoot(current.tree.chosen), inRoot(current.tree.items));
  }

  /** Shows the existing pages, and which of them are outdated. */
  async showDocumentation(args?: unknown): Promise<void> {
    const { folder: asked, ask } = planArguments(args);
    const folder = await folderOf(asked, ask);
    const root = folder && vscode.workspace.getWorkspaceFolder(folder)?.uri;
    if (!root || root.scheme !== 'file') return;
    const count = await withProgress(vscode.l10n.t('Reading pages and their sources'), (_, signal) =>
      this.shownPages.showFolder(root, signal).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      }),
    );
    if (count === 0)
      showInfo(vscode.l10n.t('There are no pages of CodeWorm here yet: Document Workspace writes them.'));
    if (count) await this.view.open();
  }

  /** Chooses another number of the best pages. */
  async chooseBestPages(args?: unknown): Promise<void> {
    const { current } = this;
    if (!current) return;
    const { count } = planArguments(args);
    const chosen = count ?? (await askCount(current.tree.items.length, current.tree.chosenCount));
    if (chosen === undefined) return;
    current.tree.chooseBest(chosen);
    this.view.refresh();
    this.describeChoice();
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.shownPages, this.view, this.runCommands).dispose();
  }

  /** `undefined` when the user has cancelled. */
  private async plan(folder: vscode.Uri, kinds: readonly string[]): Promise<Plan | undefined> {
    const excluded = this.services.configuration.current;
    return withProgress(vscode.l10n.t('Planning pages'), async (report, signal) => {
      let shown = 0;
      const onProgress = (done: number, all: number): void => {
        const percent = Math.floor((done * 100) / all);
        if (percent === shown) return;
        report(vscode.l10n.t('{0} of {1} files', done, all), percent - shown);
        shown = percent;
      };
      try {
        const stateOf = await this.states(folder, signal);
        return await makePlan({ folder, kinds, excluded, stateOf, onProgress, signal });
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    });
  }

  /** The states of the existing pages. */
  private async states(folder: vscode.Uri, signal: AbortSignal): Promise<PlanOptions['stateOf']> {
    const root = vscode.workspace.getWorkspaceFolder(folder)?.uri;
    if (root?.scheme !== 'file') return undefined;
    const { states } = await this.runCommands.runs.statesOf(root, signal);
    const prefix = pathInWorkspace(folder);
    return (item) => states.of({ ...item, path: item.path && prefix + item.path }) ?? 'missing';
  }

  private show(folder: vscode.Uri, plan: Plan, tree: PageTree, count: number): void {
    const fileLines = new Map<string, number>();
    for (const { path, lines } of tree.items)
      fileLines.set(path, Math.max(fileLines.get(path) ?? 0, lines.end + 1));
    tree.chooseBest(count);
    this.current = { folder, tree, fileLines };
    this.view.showPlan({ folder, tree });
    this.describeChoice();
    setContextKey('codeworm.hasPlan', true);
    setContextKey('codeworm.documentationShown', true);
    this.services.log.info('planned', {
      pages: plan.items.length,
      files: plan.files,
      notOutlined: plan.notOutlined,
      longestBlockMs: Math.round(plan.longestBlockMs),
    });
  }

  private describeChoice(): void {
    if (!this.current) return;
    const { tree, fileLines } = this.current;
    const { speeds, monitor, configuration } = this.services;
    const { models, client } = configuration.current;
    const model = models.pages ?? monitor.facts.model ?? client.model;
    const estimate = estimateOf(
      tree.chosen,
      (path) => fileLines.get(path) ?? 0,
      client.numCtx,
      speeds.of(model),
    );
    this.view.say(chosenText(estimate.pages, tree.items.length), estimateText(estimate));
  }
}

function atPath(item: PlanItem, path: string): PlanItem {
  return { ...item, path };
}
