import * as vscode from 'vscode';
import type { ClientProvider } from '../generation/clientProvider.ts';
import type { ServerMonitor } from '../generation/serverMonitor.ts';
import type { Configuration } from '../config/configuration.ts';
import {
  OllamaApprovalError,
  OllamaConnectionError,
  OllamaError,
  OllamaTimeoutError,
  sameModel,
  type ErrorKind,
  type GenerationResult,
  type ModelClient,
} from '../ollama/index.ts';
import { factsOf, unknown } from './probe.ts';
import { percentOf } from '../models/pullProgressText.ts';
import {
  pollDelayMs,
  statusOf,
  type Activity,
  type PagesActivity,
  type ServerFacts,
  type Status,
} from './status.ts';

/** Failed probes in a row that count as "offline". A single one may be due to a busy server. */
const failuresUntilOffline = 2;

/** Keeps the known facts about the server up to date, by occasional probes and by the results of commands. */
export class Monitor implements ServerMonitor, vscode.Disposable {
  private readonly clients: ClientProvider;
  private readonly configuration: Configuration;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private probing: Promise<void> | undefined;
  private failures = 0;
  private known: ServerFacts;
  private generating: Activity = { kind: 'none' };
  private loading: (Activity & { kind: 'loading' }) | undefined;
  private pulling: (Activity & { kind: 'pulling' }) | undefined;
  private pages: PagesActivity | undefined;
  private disposed = false;
  /** The problem found by the latest probe. */
  private problemOfProbe: OllamaError | undefined;

  /** Fires when the facts or the activity have changed. */
  readonly onDidChange = this.changed.event;

  constructor(clients: ClientProvider, configuration: Configuration) {
    this.clients = clients;
    this.configuration = configuration;
    this.known = unknown(clients.current);
    this.subscription = vscode.Disposable.from(
      clients.onDidReplace((client) => this.forget(client)),
      configuration.onDidChange(() => this.schedule()),
      vscode.window.onDidChangeWindowState(() => this.schedule()),
    );
  }

  get facts(): ServerFacts {
    return this.known;
  }

  get status(): Status {
    return statusOf(this.known, this.doing);
  }

  /** Probes the server now. Concurrent callers share one probe. */
  async probe(): Promise<void> {
    this.probing ??= this.ask().finally(() => {
      this.probing = undefined;
      this.schedule();
    });
    await this.probing;
  }

  /**
   * Probes once more if a probe is in progress, because that one may have read the state before the change.
   */
  async probeAfterChange(): Promise<void> {
    await this.probing;
    await this.probe();
  }

  /** Probes again after one failure, before the result is reported to the user. */
  async probeTwice(): Promise<void> {
    await this.probe();
    if (this.failures > 0 && this.known.online) await this.probe();
  }

  /** Forgets the latest problem, because something was done about it, and probes the server. */
  async clearProblemAndProbe(): Promise<void> {
    const { problem: _, ...facts } = this.known;
    this.known = facts;
    await this.probe();
  }

  /** Sets what the running generation is doing. */
  setActivity(activity: Activity): void {
    this.generating = activity;
    this.changed.fire();
  }

  /** Sets or ends the loading of a model. A running generation is shown instead of it. */
  setLoading(loading: (Activity & { kind: 'loading' }) | undefined): void {
    this.loading = loading;
    this.changed.fire();
  }

  /** Sets or ends the pull of a model. Any other activity is shown instead of it. */
  setPulling(pull: { model: string; completedBytes: number; totalBytes: number } | undefined): void {
    const percent = pull ? Math.floor(percentOf(pull)) : 0;
    const before = this.pulling;
    if (before?.model === pull?.model && before?.percent === percent) return;
    this.pulling = pull && { kind: 'pulling', model: pull.model, percent };
    this.changed.fire();
  }

  /** Sets the progress of a workspace's pages, or `undefined` when it has ended. */
  setPages(pages: PagesActivity | undefined): void {
    this.pages = pages;
    this.changed.fire();
  }

  /** Records that a command got its answer. */
  reportSuccess(result?: GenerationResult): void {
    this.failures = 0;
    const { problem: _, ...facts } = this.known;
    this.update({
      ...facts,
      online: true,
      ...measuredIn(result, facts.model),
    });
    void this.probe();
  }

  /**
   * Records the error of a command. Other errors than the client's, such as a cancellation, say nothing about
   * the server.
   */
  reportFailure(error: unknown): void {
    if (!(error instanceof OllamaError)) return;
    if (isOffline(error)) this.setOffline();
    else if (error instanceof OllamaApprovalError) this.forbidden(error);
    else if (error.kind !== 'closed') this.update({ ...this.known, problem: error });
    void this.probe();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    vscode.Disposable.from(this.subscription, this.changed).dispose();
  }

  private get doing(): Activity {
    if (this.generating.kind !== 'none') return this.generating;
    return this.loading ?? this.pulling ?? this.pages ?? this.generating;
  }

  private async ask(): Promise<void> {
    const client = this.clients.current;
    try {
      const facts = await this.clients.use((current) => factsOf(current));
      if (client !== this.clients.current) return;
      this.failures = 0;
      const { problem } = this.known;
      // A later probe can find out that the problem of an earlier one is over.
      const lasts = problem && problem !== this.problemOfProbe && outlastsAnswer(problem, facts);
      const remaining = lasts && !facts.problem ? { problem } : {};
      this.update({
        ...facts,
        ...remaining,
        ...lastOf(this.known),
      });
    } catch (error) {
      if (client === this.clients.current) this.probeFailed(error);
    }
  }

  private probeFailed(error: unknown): void {
    this.failures++;
    if (error instanceof OllamaApprovalError) return this.forbidden(error);
    const offline = !(error instanceof OllamaError) || isOffline(error);
    this.problemOfProbe = offline ? undefined : error;
    if (!offline)
      this.update({
        ...this.known,
        online: true,
        installed: this.known.installed,
        modelInstalled: true,
        problem: error,
      });
    else if (this.known.online !== true || this.failures >= failuresUntilOffline) this.setOffline();
  }

  /**
   * Without an approval, nothing is known about the server. If the approval for another server behind it is
   * missing, only that one is unknown.
   */
  private forbidden(problem: OllamaApprovalError): void {
    const { origin, capabilities } = this.known;
    const server = { origin, ...(capabilities ? { capabilities } : {}) };
    if (problem.origin === origin)
      this.update({ ...server, online: false, installed: [], modelInstalled: false, problem });
  }

  private setOffline(): void {
    const { origin, capabilities, model } = this.known;
    this.update({
      origin,
      ...(capabilities === undefined ? {} : { capabilities }),
      online: false,
      installed: [],
      modelInstalled: false,
      ...(model === undefined ? {} : { model }),
      ...lastOf(this.known),
    });
  }

  private forget(client: ModelClient): void {
    this.failures = 0;
    this.update(unknown(client));
    void (this.probing ?? Promise.resolve()).then(() => this.probe());
  }

  private update(facts: ServerFacts): void {
    this.known = facts;
    if (!this.disposed) this.changed.fire();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.disposed || this.known.online === undefined) return;
    const ms = pollDelayMs(this.configuration.current.pollIntervalMs, {
      online: this.known.online,
      focused: vscode.window.state.focused,
      failures: this.failures,
    });
    this.timer = setTimeout(() => void this.poll(), ms);
  }

  /** While a generation runs, its phases show more than a probe, and it must not be disturbed. */
  private async poll(): Promise<void> {
    if (this.doing.kind === 'generating') this.schedule();
    else await this.probe();
  }
}

/** Facts about the latest answer. */
type LastFacts = Pick<ServerFacts, 'lastTokensPerSecond' | 'lastPrompt'>;

function lastOf({ lastTokensPerSecond, lastPrompt }: ServerFacts): LastFacts {
  return {
    ...(lastTokensPerSecond === undefined ? {} : { lastTokensPerSecond }),
    ...(lastPrompt === undefined ? {} : { lastPrompt }),
  };
}

/** What a result shows, if it is from the model that is shown, not from another task's model. */
function measuredIn(result: GenerationResult | undefined, model: string | undefined): LastFacts {
  if (!result || !sameModel(result.model, model ?? result.model)) return {};
  const { tokensPerSecond, promptTokens: tokens, cachedTokens: cached } = result;
  return {
    ...(tokensPerSecond ? { lastTokensPerSecond: tokensPerSecond } : {}),
    ...(tokens === undefined || cached === undefined ? {} : { lastPrompt: { tokens, cached } }),
  };
}

function isOffline(error: OllamaError): boolean {
  const unreachable =
    error instanceof OllamaConnectionError && (error.kind === 'unreachable' || error.kind === 'proxy');
  return unreachable || (error instanceof OllamaTimeoutError && error.kind === 'connectTimeout');
}

/** Problems that every probe finds again until they are solved. */
const seenByEveryProbe: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['noModel', 'notApproved', 'tooOld']);

/** Whether a problem remains although the server has just answered. */
function outlastsAnswer(problem: OllamaError, { modelInstalled }: ServerFacts): boolean {
  if (problem.kind === 'modelNotFound') return !modelInstalled;
  return !isOffline(problem) && !seenByEveryProbe.has(problem.kind);
}
