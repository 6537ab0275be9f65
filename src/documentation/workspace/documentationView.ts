import * as vscode from 'vscode';
import type { PageTree, PlanNode } from './pageTree.ts';
import { kindIcon, kindLabel } from './kindView.ts';
import type { PageStatus, RunTree, ShownPage, ShownSubject } from './runTree.ts';
import { openCode, shownItem, statusItem } from './shownPageView.ts';
import { scoreText, scoreTooltip, stateText } from './reasonView.ts';

/** A plan that is shown. Paths are relative to its folder. */
export interface ShownPlan {
  folder: vscode.Uri;
  tree: PageTree;
}

/** Pages that are being written or exist. Paths are relative to the folder. */
export interface ShownRun {
  folder: vscode.Uri;
  tree: RunTree;
}

type Node =
  | PlanNode
  | { kind: 'group'; status: PageStatus; count: number }
  | { kind: 'shown'; shown: ShownPage };

/**
 * Milliseconds between two updates of the tree during a run, in which hundreds of pages may be done per
 * second.
 */
const refreshMs = 400;

/** Plans of at most so many pages are shown with all folders expanded. */
const mostOpen = 60;

/** The tree "Documentation" in the Explorer: a plan to choose pages from, or pages with their states. */
export class DocumentationView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly chose = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<Node>;
  private readonly subscription: vscode.Disposable;
  private plan: ShownPlan | undefined;
  private run: ShownRun | undefined;
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;
  /** Fires when the user has chosen other pages. */
  readonly onDidChoose = this.chose.event;

  constructor() {
    this.view = vscode.window.createTreeView<Node>('codeworm.documentation', {
      treeDataProvider: this,
      showCollapseAll: true,
      // A folder's checkbox includes pages that are not shown yet.
      manageCheckboxStateManually: true,
    });
    this.subscription = this.view.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items)
        if (isPlanNode(node)) this.plan?.tree.choose(node, state === vscode.TreeItemCheckboxState.Checked);
      this.refresh();
      this.chose.fire(undefined);
    });
  }

  showPlan(plan: ShownPlan): void {
    this.plan = plan;
    this.run = undefined;
    this.refresh();
  }

  showRun(run: ShownRun): void {
    this.run = run;
    this.plan = undefined;
    this.say('', '');
    this.refresh();
  }

  /** Sets the text beside the title, and the message above the tree. */
  say(description: string, message: string): void {
    this.view.description = description;
    this.view.message = message;
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.changed.fire(undefined);
  }

  /** Updates the tree together with the next changes. */
  refreshSoon(): void {
    this.timer ??= setTimeout(() => this.refresh(), refreshMs);
  }

  /** Opens the view. The focus stays where the user is working: reading a large workspace takes a while. */
  async open(): Promise<void> {
    const [first] = this.getChildren();
    if (first) await this.view.reveal(first, { select: false, focus: false });
  }

  getChildren(node?: Node): Node[] {
    if (this.run) return childrenOf(this.run.tree, node);
    return node && !isPlanNode(node) ? [] : (this.plan?.tree.children(node) ?? []);
  }

  getParent(node: Node): Node | undefined {
    if (node.kind !== 'shown') return isPlanNode(node) ? this.plan?.tree.parent(node) : undefined;
    const { status } = node.shown;
    const count = this.run?.tree.pagesOf(status).length ?? 0;
    return { kind: 'group', status, count };
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const item = this.itemOf(node);
    item.id = idOf(node);
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(this.subscription, this.view, this.changed, this.chose).dispose();
  }

  private itemOf(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return statusItem(node.status, node.count);
      case 'shown':
        return this.run ? shownItem(this.run.folder, node.shown) : new vscode.TreeItem('');
      case 'page':
        return this.pageItem(node);
      case 'file':
      case 'folder':
        return this.groupItem(node);
    }
  }

  private groupItem(node: PlanNode & { kind: 'file' | 'folder' }): vscode.TreeItem {
    const { pages, chosen } = this.plan?.tree.count(node) ?? { pages: 0, chosen: 0 };
    const isSmall = (this.plan?.tree.items.length ?? 0) <= mostOpen;
    const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(nameOf(node.path), isSmall ? Expanded : Collapsed);
    item.iconPath = node.kind === 'folder' ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
    if (this.plan) item.resourceUri = vscode.Uri.joinPath(this.plan.folder, node.path);
    item.description = vscode.l10n.t('{0} of {1} pages', chosen, pages);
    item.checkboxState = {
      state: checkbox(chosen > 0 && chosen === pages),
      tooltip: vscode.l10n.t('{0} of {1} pages', chosen, pages),
    };
    return item;
  }

  private pageItem({ item }: PlanNode & { kind: 'page' }): vscode.TreeItem {
    const row = new vscode.TreeItem(item.symbol ?? kindLabel(item.kind));
    row.iconPath = new vscode.ThemeIcon(kindIcon(item.kind));
    row.description = [stateText(item.state), scoreText(item)].filter(Boolean).join(' · ');
    row.tooltip = scoreTooltip(item);
    row.checkboxState = checkbox((this.plan?.tree.count({ kind: 'page', item }).chosen ?? 0) > 0);
    if (this.plan && item.path !== '') row.command = openCode(this.plan.folder, item);
    return row;
  }
}

function childrenOf(tree: RunTree, node: Node | undefined): Node[] {
  if (!node) return tree.groups.map(({ status, count }) => ({ kind: 'group', status, count }));
  return node.kind === 'group' ? tree.pagesOf(node.status).map((shown) => ({ kind: 'shown', shown })) : [];
}

function isPlanNode(node: Node): node is PlanNode {
  return node.kind === 'page' || node.kind === 'file' || node.kind === 'folder';
}

function checkbox(isChecked: boolean): vscode.TreeItemCheckboxState {
  return isChecked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function idOf(node: Node): string {
  switch (node.kind) {
    case 'folder':
    case 'file':
      return `${node.kind} ${node.path}`;
    case 'group':
      return `group ${node.status}`;
    case 'page':
      return `page ${subjectId(node.item)}`;
    case 'shown':
      return `shown ${node.shown.status} ${subjectId(node.shown.subject)}`;
  }
}

function subjectId({ path, kind, symbol = '', lines }: ShownSubject): string {
  return `${path} ${kind} ${symbol} ${lines.start}`;
}
