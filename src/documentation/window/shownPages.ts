import * as vscode from 'vscode';
import { setContextKey } from '../../ui/contextKeys.ts';
import type { DocumentationView } from '../workspace/documentationView.ts';
import type { PageSubject } from '../workspace/pageMark.ts';
import type { PageStore } from '../workspace/pageStore.ts';
import { RunTree, statusOfState, type ShownPage } from '../workspace/runTree.ts';
import type { WorkspaceRuns } from './workspaceRuns.ts';

/** Shows the state of pages in the tree: during a run, and as they are on the disk. */
export class ShownPages implements vscode.Disposable {
  private readonly view: DocumentationView;
  private readonly runs: WorkspaceRuns;
  private readonly subscription: vscode.Disposable;
  private tree: RunTree | undefined;
  private root: vscode.Uri | undefined;

  constructor(view: DocumentationView, runs: WorkspaceRuns) {
    this.view = view;
    this.runs = runs;
    this.subscription = vscode.Disposable.from(
      runs.onDidBegin(({ root, items }) =>
        this.show(
          root,
          items.map((subject) => ({ subject, status: 'waiting' })),
        ),
      ),
      runs.onDidChange((event) => {
        if (event.type === 'item') this.tree?.note(event.item, event.outcome, event.path, event.reason);
        this.view.refreshSoon();
      }),
    );
  }

  /** The pages of a run that is under way, else those of a folder, compared with their sources. */
  async showFolder(root: vscode.Uri, signal: AbortSignal): Promise<number> {
    if (this.runs.current && this.tree && this.root) {
      this.view.showRun({ folder: this.root, tree: this.tree });
      return this.runs.current.handle.progress.total;
    }
    const { store, states } = await this.runs.statesOf(root, signal);
    const pages = [...store.pages].map(({ path, mark }): ShownPage => ({
      subject: mark,
      status: statusOfState(states.of(mark) ?? 'missing'),
      page: path,
    }));
    for (const failure of store.state.failures.values())
      pages.push({ ...pageOf(store, failure), subject: failure, status: 'failed', reason: failure.reason });
    this.show(root, pages);
    return pages.length;
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private show(root: vscode.Uri, pages: Iterable<ShownPage>): void {
    this.root = root;
    this.tree = new RunTree(pages);
    this.view.showRun({ folder: root, tree: this.tree });
    setContextKey('codeworm.documentationShown', true);
  }
}

/** The path of the existing page, which could not be written again. */
function pageOf(store: PageStore, failure: PageSubject): Pick<ShownPage, 'page'> {
  const known = store.find(failure);
  return known ? { page: known.path } : {};
}
