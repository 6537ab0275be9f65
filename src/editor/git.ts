import * as vscode from 'vscode';
import { readPlainDiff, UnreadableDiffError } from '../text/gitDiff.ts';
import type { ChangedFile } from '../prompts/commitMessage.ts';
import type { Commit } from '../prompts/pageKinds.ts';
import { readStaged, readUnstaged, type ReadChanges } from './gitChanges.ts';
import { describeChange } from './gitChangeWords.ts';
import { commitsOfFile, lastSubjects, preparedMessage, type PreparedMessage } from './gitMessages.ts';
import { findProgram, GitError, type GitProgram } from './gitProgram.ts';
import { nameOf, type FileTexts } from './gitText.ts';
import { repositoryNameIn } from '../text/repositoryName.ts';

/** The used part of the API of VS Code's Git extension (version 1). */
interface GitExtension {
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly git: { readonly path: string };
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: vscode.Event<GitApi['state']>;
  readonly repositories: readonly Repository[];
  getRepository(uri: vscode.Uri): Repository | null;
}

interface Change {
  readonly uri: vscode.Uri;
  /** 7 means untracked. */
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
    path?: string;
  }): Promise<{ readonly hash: string; readonly message: string; readonly authorDate?: Date }[]>;
}

/** `Change.status` of an untracked file. */
const untrackedStatus = 7;

/** Milliseconds to wait for the Git extension to find the repositories of a new window. */
const repositoriesTimeoutMs = 3_000;

/**
 * The Git extension's API. Undefined when it is missing, disabled, or runs in another extension host. Never
 * rejects.
 */
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
    const timer = setTimeout(done, repositoriesTimeoutMs);
    const subscription = api.onDidChangeState((state) => state === 'initialized' && done());
  });
}

/** Whether VS Code's Git extension is available here. */
export async function hasGit(): Promise<boolean> {
  return (await gitApi()) !== undefined;
}

/** The repository that a file belongs to. */
export async function repositoryOf(uri: vscode.Uri): Promise<Repository | undefined> {
  return (await gitApi())?.getRepository(uri) ?? undefined;
}

/**
 * The repository for a command: the one of the source control it was started from, else the only one, else
 * the one of a file, else the one selected in the Source Control view.
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

/** The name in the remote's URL, else the name of the folder. */
export function repositoryName({ rootUri, state: { remotes } }: Repository): string {
  const remote = remotes.find(({ name }) => name === 'origin') ?? remotes[0];
  return repositoryNameIn(remote?.fetchUrl ?? '') || (rootUri.path.split('/').at(-1) ?? '');
}

/**
 * The Git program for a repository on this machine. Undefined when the repository is elsewhere and only the
 * Git extension can read it.
 * @throws GitError when Git is not installed
 */
export async function programFor({ rootUri }: Repository): Promise<GitProgram | undefined> {
  if (rootUri.scheme !== 'file') return undefined;
  const path = findProgram((await gitApi())?.git.path ?? 'git', rootUri.fsPath);
  if (path === undefined) throw new GitError('missing');
  return { path, root: rootUri.fsPath };
}

/** The Git program for a folder; `undefined` when there is none, or when the folder must not run anything. */
export async function gitFor(folder: vscode.Uri): Promise<GitProgram | undefined> {
  if (folder.scheme !== 'file' || !vscode.workspace.isTrusted) return undefined;
  const api = await gitApi();
  const path = api && findProgram(api.git.path, folder.fsPath);
  return path === undefined ? undefined : { path, root: folder.fsPath };
}

/** The latest commits of a file, newest first. Empty when Git knows none. Never rejects. */
export async function commitsOf(repository: Repository, uri: vscode.Uri, most: number): Promise<Commit[]> {
  try {
    const git = await programFor(repository);
    if (git) return await commitsOfFile(git, relativePath(repository, uri), most);
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

function relativePath({ rootUri }: Repository, uri: vscode.Uri): string {
  return uri.path.slice(rootUri.path.replace(/\/$/, '').length + 1);
}

/** Facts for a commit message besides the changes. */
export interface CommitContext {
  branch: string | undefined;
  /** Subject lines of the latest commits. */
  subjects: string[];
  prepared: PreparedMessage | undefined;
}

/** Most subject lines, enough to show the style of a repository. */
const mostSubjects = 10;

/** @throws GitError */
export async function commitContext(repository: Repository): Promise<CommitContext> {
  const branch = repository.state.HEAD?.name;
  const git = await programFor(repository);
  if (git) {
    const [subjects, prepared] = await Promise.all([lastSubjects(git, mostSubjects), preparedMessage(git)]);
    return { branch, subjects, prepared };
  }
  const entries = await repository.log({ maxEntries: mostSubjects }).catch(() => []);
  return {
    branch,
    subjects: entries.map(({ message }) => message.split('\n')[0] ?? ''),
    prepared: undefined,
  };
}

/**
 * The staged changes.
 * @throws GitError
 */
export async function stagedChanges(repository: Repository): Promise<ReadChanges> {
  const git = await programFor(repository);
  if (git) return readStaged(git, fileTexts(repository));
  const { indexChanges, mergeChanges } = repository.state;
  const files = await filesByApi(repository, true, indexChanges.length > 0);
  return { files, conflicts: mergeChanges.map(({ uri }) => relativePath(repository, uri)) };
}

/**
 * All changes that are not staged, with untracked files unless the user's settings hide them.
 * @throws GitError
 */
export async function unstagedChanges(repository: Repository): Promise<ReadChanges> {
  const git = await programFor(repository);
  const untracked = vscode.workspace.getConfiguration('git').get('untrackedChanges') !== 'hidden';
  if (git) return readUnstaged(git, fileTexts(repository), { untracked });
  const { workingTreeChanges, untrackedChanges = [], mergeChanges } = repository.state;
  const fresh = [...workingTreeChanges, ...untrackedChanges].filter(
    ({ status }) => status === untrackedStatus,
  );
  const isChanged = workingTreeChanges.some(({ status }) => status !== untrackedStatus);
  const added = fresh.map(({ uri }): ChangedFile => {
    return { path: relativePath(repository, uri), what: ['new'], lines: [], isPartial: true };
  });
  return {
    files: [...(await filesByApi(repository, false, isChanged)), ...added],
    conflicts: mergeChanges.map(({ uri }) => relativePath(repository, uri)),
  };
}

/** The diff from the Git extension. The user's settings may change its format, so it is not parsed. */
async function filesByApi(
  repository: Repository,
  cached: boolean,
  isExpected: boolean,
): Promise<ChangedFile[]> {
  if (!isExpected) return [];
  const patch = await repository.diff(cached).catch((error: unknown) => {
    throw new GitError('failed', '', error);
  });
  try {
    const bytes = Buffer.from(patch, 'utf8').toString('latin1');
    const changes = readPlainDiff(bytes);
    if (changes.length === 0) throw new UnreadableDiffError('an empty diff');
    return changes.map((change) => {
      const oldPath = change.oldPath === undefined ? undefined : nameOf(change.oldPath);
      const lines = change.lines.map(nameOf);
      return describeChange({ ...change, path: nameOf(change.path), oldPath, lines });
    });
  } catch (error) {
    if (error instanceof UnreadableDiffError) throw new GitError('unreadable', error.message, error);
    throw error;
  }
}

/**
 * Decodes files as the editor does: by the encoding of the open document, else by the settings and the
 * content.
 */
function fileTexts({ rootUri }: Repository): FileTexts {
  const uriOf = (path: string): vscode.Uri => vscode.Uri.joinPath(rootUri, path);
  const openEncoding = (path: string): string | undefined => {
    const uri = uriOf(path).toString();
    return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.encoding;
  };
  return {
    decode: async (bytes, path) => {
      const encoding = openEncoding(path);
      return encoding === undefined
        ? vscode.workspace.decode(bytes, { uri: uriOf(path) })
        : vscode.workspace.decode(bytes, { encoding });
    },
    isUtf16: (path) => {
      const setting = vscode.workspace.getConfiguration('files', uriOf(path)).get<string>('encoding');
      return (openEncoding(path) ?? setting ?? '').startsWith('utf16');
    },
  };
}
