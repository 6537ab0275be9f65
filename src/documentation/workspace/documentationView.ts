import * as vscode from 'vscode';
import type { PageTree, PlanNode } from './pageTree.ts';
import { kindLabel } from './kindView.ts';
import { scoreText, scoreTooltip, stateText } from './reasonView.ts';

/** A plan that is shown. */
export interface ShownPlan {
  folder: vscode.Uri;
  tree: PageTree;
}

/** The tree "Documentation" in the Explorer: which pages can be written, and which are chosen. */
export class DocumentationView implements vscode.TreeDataProvider<PlanNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly chose = new vscode.EventEmitter<undefined>();
  private readonly view: vscode.TreeView<PlanNode>;
  private readonly subscription: vscode.Disposable;
  private plan: ShownPlan | undefined;

  readonly onDidChangeTreeData = this.changed.event;
  /** The user has chosen other pages. */
  readonly onDidChoose = this.chose.event;

  constructor() {
    this.view = vscode.window.createTreeView<PlanNode>('codeworm.documentation', {
      treeDataProvider: this,
      showCollapseAll: true,
      // A folder stands for the pages in it that are not shown yet, too.
      manageCheckboxStateManually: true,
    });
    this.subscription = this.view.onDidChangeCheckboxState(({ items }) => {
      for (const [node, state] of items)
        this.plan?.tree.choose(node, state === vscode.TreeItemCheckboxState.Checked);
      this.refresh();
      this.chose.fire(undefined);
    });
  }

  get shown(): ShownPlan | undefined {
    return this.plan;
  }

  show(plan: ShownPlan): void {
    this.plan = plan;
    this.refresh();
  }

  /** Above the tree. */
  set message(message: string) {
    this.view.message = message;
  }

  refresh(): void {
    this.changed.fire(undefined);
  }

  /** Opens the view, with the best page in sight. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand('codeworm.documentation.focus');
    const best = this.plan?.tree.items[0];
    if (best && this.view.visible)
      await this.view
        .reveal({ kind: 'page', item: best }, { select: false, expand: true })
        .then(undefined, () => undefined);
  }

  getChildren(node?: PlanNode): PlanNode[] {
    return this.plan?.tree.children(node) ?? [];
  }

  getParent(node: PlanNode): PlanNode | undefined {
    return this.plan?.tree.parent(node);
  }

  getTreeItem(node: PlanNode): vscode.TreeItem {
    const item = node.kind === 'page' ? this.pageItem(node) : this.groupItem(node);
    item.id = idOf(node);
    return item;
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.view, this.changed, this.chose).dispose();
  }

  private groupItem(node: PlanNode & { kind: 'file' | 'folder' }): vscode.TreeItem {
    const { pages, chosen } = this.plan?.tree.count(node) ?? { pages: 0, chosen: 0 };
    const isFolder = node.kind === 'folder';
    const item = new vscode.TreeItem(nameOf(node.path), vscode.TreeItemCollapsibleState.Collapsed);
    item.iconPath = isFolder ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
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
    row.iconPath = new vscode.ThemeIcon(iconOf(item.kind));
    row.description = [stateText(item.state), scoreText(item)].filter(Boolean).join(' · ');
    row.tooltip = scoreTooltip(item);
    const isChosen = (this.plan?.tree.count({ kind: 'page', item }).chosen ?? 0) > 0;
    row.checkboxState = checkbox(isChosen);
    if (this.plan && item.path !== '')
      row.command = {
        title: vscode.l10n.t('Open Code'),
        command: 'vscode.open',
        arguments: [
          vscode.Uri.joinPath(this.plan.folder, item.path),
          { selection: new vscode.Range(item.lines.start, 0, item.lines.start, 0), preview: true },
        ],
      };
    return row;
  }
}

function checkbox(isChecked: boolean): vscode.TreeItemCheckboxState {
  return isChecked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function idOf(node: PlanNode): string {
  if (node.kind !== 'page') return `${node.kind} ${node.path}`;
  const { path, kind, symbol = '', lines } = node.item;
  return `page ${path} ${kind} ${symbol} ${lines.start}`;
}

function iconOf(kind: string): string {
  switch (kind) {
    case 'function':
      return 'symbol-method';
    case 'class':
      return 'symbol-class';
    case 'week':
    case 'month':
      return 'calendar';
    default:
      return 'markdown';
  }
}
