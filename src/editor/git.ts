import * as vscode from 'vscode';
import type { Changes } from '../prompts/commitMessage.ts';
import type { Commit } from '../prompts/pageKinds.ts';
import { repositoryNameIn } from '../text/repositoryName.ts';

/** As much of the API of VS Code's Git extension (version 1) as is used here. */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<GitApi['state']>;
  readonly repositories: readonly Repository[];
  getRepository(uri: vscode.Uri): Repository | null;
}

interface Change {
  readonly uri: vscode.Uri;
  /** 7 is a file that Git does not know yet. */
  readonly status: number;
}

export interface Repository {
  readonly rootUri: vscode.Uri;
  readonly inputBox: { value: string };
  readonly state: {
    readonly HEAD?: { readonly name?: string } | undefined;
    readonly remotes: readonly { readonly name: string; readonly fetchUrl?: string }[];
    readonly indexChanges: readonly Change[];
    readonly workingTreeChanges: readonly Change[];
    readonly mergeChanges: readonly Change[];
    readonly untrackedChanges?: readonly Change[];
  };
  readonly ui: { readonly selected: boolean };
  status(): Promise<void>;
  diff(cached?: boolean): Promise<string>;
  log(options: {
    maxEntries: number;
    path: string;
  }): Promise<{ readonly hash: string; readonly message: string; readonly authorDate?: Date }[]>;
}

/** `Change.status` of a file that Git does not know yet. */
const untracked = 7;

/** Milliseconds that Git may take to find the repositories of a window that has just opened. */
const patienceMs = 3_000;

/** The Git extension's API; `undefined` where it is missing, switched off, or runs in another host. Never rejects. */
async function gitApi(): Promise<GitApi | undefined> {
  try {
    const extension = vscode.extensions.getExtension<GitExtension>('vscode.git');
    const git = await extension?.activate();
    if (!git?.enabled) return undefined;
    const api = git.getAPI(1);
    if (api.state !== 'initialized') await initialized(api);
    return api;
  } catch {
    return undefined;
  }
}

function initialized(api: GitApi): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, patienceMs);
    const subscription = api.onDidChangeState((state) => state === 'initialized' && done());
  });
}

/** The repository that a file belongs to. */
export async function repositoryOf(uri: vscode.Uri): Promise<Repository | undefined> {
  return (await gitApi())?.getRepository(uri) ?? undefined;
}

/**
 * The repository of a command: that of the source control it was started from, else the only one, else that of a
 * file, else the one that is selected in the Source Control view.
 */
export async function chosenRepository(
  root: vscode.Uri | undefined,
  file: vscode.Uri | undefined,
): Promise<Repository | undefined> {
  const api = await gitApi();
  const all = api?.repositories ?? [];
  const named = root && all.find(({ rootUri }) => rootUri.toString() === root.toString());
  const only = all.length === 1 ? all[0] : undefined;
  const ofFile = file && api?.getRepository(file);
  return named ?? only ?? ofFile ?? all.find(({ ui }) => ui.selected) ?? all[0];
}

/** As its remote calls it, else the name of its folder. */
export function repositoryName({ rootUri, state: { remotes } }: Repository): string {
  const remote = remotes.find(({ name }) => name === 'origin') ?? remotes[0];
  return repositoryNameIn(remote?.fetchUrl ?? '') || (rootUri.path.split('/').at(-1) ?? '');
}

/** The last commits that touched a file, newest first; none where Git knows none. Never rejects. */
export async function commitsOf(repository: Repository, uri: vscode.Uri, most: number): Promise<Commit[]> {
  try {
    const entries = await repository.log({ maxEntries: most, path: uri.fsPath });
    return entries.map(({ hash, message, authorDate }) => ({
      hash: hash.slice(0, 8),
      date: authorDate?.toISOString().slice(0, 10) ?? '',
      subject: message.split('\n')[0] ?? '',
    }));
  } catch {
    return [];
  }
}

/** What is staged; `undefined` when that is nothing. */
export async function stagedChanges(repository: Repository): Promise<Changes | undefined> {
  const { indexChanges, HEAD } = repository.state;
  if (indexChanges.length === 0) return undefined;
  return { diff: await repository.diff(true), branch: HEAD?.name };
}

/** Everything that is not staged, new files included; `undefined` when that is nothing. */
export async function changesToCommit(repository: Repository): Promise<Changes | undefined> {
  const { workingTreeChanges, untrackedChanges = [], HEAD } = repository.state;
  const fresh = [...workingTreeChanges, ...untrackedChanges].filter(({ status }) => status === untracked);
  const tracked = workingTreeChanges.filter(({ status }) => status !== untracked);
  if (fresh.length + tracked.length === 0) return undefined;
  const known = tracked.length > 0 ? await repository.diff(false) : '';
  const added = await Promise.all(fresh.slice(0, mostFresh).map(({ uri }) => additionOf(repository, uri)));
  return { diff: [known, ...added].join('\n'), branch: HEAD?.name };
}

/** Bytes of a new file that are looked at: more would not be sent anyway. */
const freshBytes = 64 * 1024;
const mostFresh = 100;

/** Git shows no text of a file that it does not know; this is how it will, once the file is added. */
async function additionOf(repository: Repository, uri: vscode.Uri): Promise<string> {
  const path = uri.path.slice(repository.rootUri.path.length + 1);
  const head = `diff --git a/${path} b/${path}\nnew file mode 100644\n`;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    const bytes = size > freshBytes ? undefined : await vscode.workspace.fs.readFile(uri);
    if (!bytes || bytes.includes(0)) return `${head}Binary files /dev/null and b/${path} differ`;
    const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
    const body = lines.map((line) => `+${line}`).join('\n');
    return `${head}--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${body}`;
  } catch {
    return head;
  }
}
