import * as vscode from 'vscode';
import type { Config } from '../../config/configuration.ts';
import { tasks, thinkFor } from '../../config/tasks.ts';
import { ensureApproved, type Approving } from '../../generation/approval.ts';
import type { Level } from '../../generation/priorities.ts';
import type { GenerationResult } from '../../ollama/index.ts';
import { command } from '../../ui/errorActions.ts';
import { localize, localizeError } from '../../ui/localize.ts';
import { showInfo, withProgress } from '../../ui/notifications.ts';
import { clientModel } from '../workspace/clientModel.ts';
import type { PageSubject } from '../workspace/pageMark.ts';
import type { PageModel } from '../workspace/pageModel.ts';
import type { OtherMaterial, PageSources } from '../workspace/pageSources.ts';
import { PageStates } from '../workspace/pageStates.ts';
import { NotAFolderError, type PageStore } from '../workspace/pageStore.ts';
import { checkPage } from '../workspace/quality.ts';
import { startRun } from '../workspace/run.ts';
import { FolderInUseError } from '../workspace/runLock.ts';
import type { RunEvent, RunHandle, RunReport } from '../workspace/runTypes.ts';
import { IndexWriter } from './indexWriter.ts';
import { currentSentence } from './runTexts.ts';
import { RunDisplay, type PagesMonitor } from './runDisplay.ts';
import { PowerWatch } from './powerWatch.ts';
import { openPages, openSources } from './runFolder.ts';

/** The services that runs need. */
export interface RunServices extends Approving {
  monitor: Approving['monitor'] & PagesMonitor;
  /** Records how fast models write pages. */
  speeds: { note(result: GenerationResult, isPage?: boolean): void };
  /** The author for the closing line. */
  program: () => string;
  otherMaterial?: (root: vscode.Uri) => OtherMaterial;
}

/** The run in progress. */
export interface CurrentRun {
  /** The workspace folder. Paths of pages and sources are relative to it. */
  root: vscode.Uri;
  handle: RunHandle;
  /** Resolves when the index of the pages is written after the end. Never rejects. */
  indexed: Promise<void>;
}

/** The runs of this window, one at a time. */
export class WorkspaceRuns implements vscode.Disposable {
  private readonly services: RunServices;
  private readonly changed = new vscode.EventEmitter<RunEvent>();
  private readonly began = new vscode.EventEmitter<{ root: vscode.Uri; items: readonly PageSubject[] }>();
  private readonly ended = new vscode.EventEmitter<{ root: vscode.Uri; report: RunReport }>();
  private run: CurrentRun | undefined;
  /** Whether files are being read before a run. */
  private isPreparing = false;
  private readonly power: PowerWatch;
  private readonly display: RunDisplay;
  private readonly index = new IndexWriter();

  /** Fires when something has happened in the current run. */
  readonly onDidChange = this.changed.event;
  readonly onDidBegin = this.began.event;
  readonly onDidEnd = this.ended.event;

  constructor(services: RunServices) {
    this.services = services;
    this.display = new RunDisplay(services.monitor);
    this.power = new PowerWatch(
      () => services.configuration.current.pausePagesOnBattery,
      (isOnBattery) => {
        if (isOnBattery) this.run?.handle.pause('battery');
        else this.run?.handle.resume('battery');
      },
    );
  }

  get current(): CurrentRun | undefined {
    return this.run;
  }

  /**
   * Writes the pages of a plan, with a lower priority than the user's questions.
   * @param root the workspace folder, to which the paths of items are relative
   * @param known everything that may be called; pages are written about less
   */
  async start(
    root: vscode.Uri,
    items: readonly PageSubject[],
    known: readonly PageSubject[] = items,
  ): Promise<RunReport | undefined> {
    return this.prepared(root, async (signal) => {
      const store = await this.openPages(root, signal);
      return { store, items, sources: await this.openSources(root, known, signal) };
    });
  }

  /** Writes pages again whose source has changed, and pages that have failed. */
  async update(root: vscode.Uri): Promise<RunReport | undefined> {
    return this.prepared(root, async (signal) => {
      const store = await this.openPages(root, signal);
      const pages = [...store.pages].map(({ mark }) => mark);
      const sources = await this.openSources(root, pages, signal);
      const states = await PageStates.read(store, (one, inner) => sources.sourceOf(one, inner), signal);
      if (states.toWrite.length === 0) showInfo(currentSentence(pages.length, states.gone.length));
      return { store, items: states.toWrite, sources };
    });
  }

  /** Continues an unfinished run, perhaps of another window. */
  async continueRun(root: vscode.Uri): Promise<RunReport | undefined> {
    return this.prepared(root, async (signal) => {
      const store = await this.openPages(root, signal);
      const { items = [] } = (await store.state.unfinishedRun()) ?? {};
      return { store, items, sources: await this.openSources(root, items, signal) };
    });
  }

  /** The pages of a folder, and their states compared with their sources. */
  async statesOf(root: vscode.Uri, signal: AbortSignal): Promise<{ store: PageStore; states: PageStates }> {
    const store = await this.openPages(root, signal);
    const sources = await this.openSources(root, [], signal);
    return {
      store,
      states: await PageStates.read(store, (one, inner) => sources.sourceOf(one, inner), signal),
    };
  }

  pause(): void {
    this.run?.handle.pause();
  }

  resume(): void {
    this.power.ignore();
    this.run?.handle.resume();
  }

  async stop(): Promise<void> {
    await this.run?.handle.stop();
  }

  dispose(): void {
    this.power.stop();
    // Written pages stay; the others are left for the next window.
    void this.run?.handle.stop({ byUser: false });
    vscode.Disposable.from(this.index, this.changed, this.began, this.ended).dispose();
  }

  private async prepared(
    root: vscode.Uri,
    prepare: (signal: AbortSignal) => Promise<Prepared>,
  ): Promise<RunReport | undefined> {
    if (!this.mayStart(root)) return undefined;
    const { models } = this.services.configuration.current;
    if (!(await ensureApproved(this.services, models.pages))) return undefined;
    this.isPreparing = true;
    try {
      const ready = await withProgress(vscode.l10n.t('Reading pages and their sources'), (_, signal) =>
        prepare(signal).catch((error: unknown) => {
          if (signal.aborted) return undefined;
          throw error;
        }),
      );
      if (!ready || ready.items.length === 0) return undefined;
      this.begin(root, ready, await ready.store.lock());
    } catch (error) {
      showInfo(reasonOf(error));
      return undefined;
    } finally {
      this.isPreparing = false;
    }
    const { run } = this;
    await run?.indexed;
    return run?.handle.ended;
  }

  private mayStart(root: vscode.Uri): boolean {
    if (root.scheme !== 'file') {
      showInfo(
        vscode.l10n.t(
          'Pages of a workspace are written to the disk of this machine only: {0} is elsewhere.',
          root.path,
        ),
      );
      return false;
    }
    if (!this.run && !this.isPreparing) return true;
    showInfo(vscode.l10n.t('A documentation run is under way already: stop it first.'), [
      command(vscode.l10n.t('Stop'), 'codeworm.stopDocumentation'),
    ]);
    return false;
  }

  private begin(root: vscode.Uri, { store, items, sources }: Prepared, unlock: () => Promise<void>): void {
    const { configuration, priorities, program } = this.services;
    const handle = startRun(items, {
      store,
      model: this.model(),
      priorities,
      say: localize,
      describe: localizeError,
      program,
      check: checkPage,
      mostParallel: () => configuration.current.pagesParallel,
      sharesModel: sharesModel(() => configuration.current),
      materialOf: (item, signal) => sources.materialOf(item, signal),
    });
    const indexed = handle.ended
      .then(() => this.index.write(root, store, configuration.current.pagesFolder))
      .then(unlock);
    this.run = { root, handle, indexed };
    this.began.fire({ root, items });
    handle.onEvent((event) => this.follow(event));
    this.display.showState(handle.progress.state);
    this.power.start();
  }

  private model(): PageModel {
    const { configuration, clients, speeds } = this.services;
    const model = clientModel((work) => clients.use(work), {
      model: () => configuration.current.models.pages,
      think: () => thinkFor(configuration.current.think, 'pages'),
    });
    return {
      ...model,
      write: async (request, onEvent) => {
        const result = await model.write(request, onEvent);
        // The rest of a page is shorter than a page.
        speeds.note(result, request.written === undefined);
        return result;
      },
    };
  }

  private follow(event: RunEvent): void {
    if (event.type === 'progress') this.display.showProgress(event.progress);
    this.changed.fire(event);
    if (event.type !== 'ended' || !this.run) return;
    this.display.end();
    this.power.stop();
    const { root } = this.run;
    this.run = undefined;
    this.ended.fire({ root, report: event.report });
  }

  private openPages(root: vscode.Uri, signal: AbortSignal): Promise<PageStore> {
    return openPages(root, this.services.configuration.current.pagesFolder, signal);
  }

  private openSources(
    root: vscode.Uri,
    known: readonly PageSubject[],
    signal: AbortSignal,
  ): Promise<PageSources> {
    const { configuration, otherMaterial } = this.services;
    const other = otherMaterial?.(root) ?? ((): undefined => undefined);
    return openSources(root, known, () => configuration.current, other, signal);
  }
}

/**
 * Why the folder cannot be used now.
 * @throws every other error
 */
function reasonOf(error: unknown): string {
  if (error instanceof FolderInUseError)
    return vscode.l10n.t(
      'Another window or program is writing pages in this folder: stop it, or wait until it has ended.',
    );
  if (error instanceof NotAFolderError)
    return vscode.l10n.t(
      '{0} is a file: choose another folder in the setting codeworm.pages.folder.',
      error.path,
    );
  throw error;
}

/**
 * Whether requests of a level go to the model of the pages, on the server on which the run was started. Other
 * extensions choose a model for each request.
 */
function sharesModel(settings: () => Config): (level: Level) => boolean {
  const { baseUrl } = settings().client;
  return (level) => {
    const { client, models, completion } = settings();
    const ofPages = models.pages ?? client.model;
    if (client.baseUrl !== baseUrl) return false;
    if (level === 'suggestion') return ofPages !== '' && completion.model === ofPages;
    return level === 'own' && tasks.every((task) => (models[task] ?? client.model) === ofPages);
  };
}

interface Prepared {
  store: PageStore;
  items: readonly PageSubject[];
  sources: PageSources;
}
