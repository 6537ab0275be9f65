import { lineDiff } from '../text/lineDiff.ts';
import { readGitDiff, UnreadableDiffError, type PatchedChange } from '../text/gitDiff.ts';
import type { ChangedFile } from '../prompts/commitMessage.ts';
import { describeChange } from './gitChangeWords.ts';
import { gitOutput, runGit, GitError, type GitConfig, type GitProgram } from './gitProgram.ts';
import { hasUtf16Mark, linesOf, nameOf, textOf, type FileTexts } from './gitText.ts';
import { readUntracked } from './gitUntracked.ts';
import { readInside } from './workingTree.ts';

export interface ReadChanges {
  files: ChangedFile[];
  /** Paths with merge conflicts. */
  conflicts: string[];
}

/**
 * Sets every option that changes the format of a diff. The commands used are Git's plumbing, which ignores
 * the user's display settings.
 */
const diffOptions = [
  '--raw',
  '--patch',
  '-z',
  '--no-color',
  '--no-color-moved',
  '--no-ext-diff',
  '--no-textconv',
  '--no-abbrev',
  '--find-renames=50%',
  '-l1000',
  '--unified=3',
  '--inter-hunk-context=0',
  '--no-function-context',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=dirty',
  '--ita-invisible-in-index',
  '-O/dev/null',
];

/**
 * Reads the staged changes.
 * @throws GitError
 */
export async function readStaged(
  git: GitProgram,
  texts: FileTexts,
  signal?: AbortSignal,
): Promise<ReadChanges> {
  const tree = await headTree(git, signal);
  return readDiff(git, ['diff-index', '--cached', ...diffOptions, tree], texts, {}, signal);
}

/**
 * Reads the unstaged changes of the working tree, untracked files included.
 * @throws GitError
 */
export async function readUnstaged(
  git: GitProgram,
  texts: FileTexts,
  options: { untracked: boolean },
  signal?: AbortSignal,
): Promise<ReadChanges> {
  const config = await withoutOwnFilters(git, signal);
  const known = await readDiff(git, ['diff-files', '-0', ...diffOptions], texts, config, signal);
  const added = options.untracked ? await readUntracked(git, texts, signal) : [];
  return { ...known, files: [...known.files, ...added] };
}

/** The tree of the current commit, or the empty tree before the first commit. */
async function headTree(git: GitProgram, signal?: AbortSignal): Promise<string> {
  const head = await runGit(git, { args: ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal });
  if (head.code === 0) return head.stdout.toString('latin1').trim();
  const branch = await runGit(git, { args: ['symbolic-ref', '--quiet', 'HEAD'], signal });
  if (branch.code !== 0) throw new GitError('failed', 'HEAD');
  return (await gitOutput(git, { args: ['hash-object', '-t', 'tree', '--stdin'], signal }))
    .toString('latin1')
    .trim();
}

async function readDiff(
  git: GitProgram,
  args: readonly string[],
  texts: FileTexts,
  config: GitConfig,
  signal?: AbortSignal,
): Promise<ReadChanges> {
  const { code, stdout, isCut } = await runGit(git, { args, config, signal });
  if (code !== 0) throw new GitError('failed', args[0]);
  const changes = parsed(stdout, isCut);
  const reader = new ChangeReader(git, texts, signal);
  const files: ChangedFile[] = [];
  for (const change of changes) if (change.status !== 'U') files.push(await reader.read(change));
  const conflicts = changes.filter(({ status }) => status === 'U').map(({ path }) => nameOf(path));
  return { files, conflicts };
}

function parsed(stdout: Buffer, isCut: boolean): PatchedChange[] {
  try {
    return readGitDiff(stdout.toString('latin1'), isCut);
  } catch (error) {
    if (error instanceof UnreadableDiffError) throw new GitError('unreadable', error.message, error);
    throw error;
  }
}

/** Most files that look binary to Git and are read anyway, and most bytes of each. */
const mostWide = 20;
const wideBytes = 512 * 1024;
const absent = /^0*$/;

class ChangeReader {
  private readonly git: GitProgram;
  private readonly texts: FileTexts;
  private readonly signal: AbortSignal | undefined;
  private wide = mostWide;

  constructor(git: GitProgram, texts: FileTexts, signal: AbortSignal | undefined) {
    this.git = git;
    this.texts = texts;
    this.signal = signal;
  }

  async read(change: PatchedChange): Promise<ChangedFile> {
    const path = nameOf(change.path);
    const oldPath = change.oldPath === undefined ? undefined : nameOf(change.oldPath);
    const wideLines = change.isBinary ? await this.utf16Lines(change, path) : undefined;
    const bytes = Buffer.from(change.lines.join('\n'), 'latin1');
    const lines =
      wideLines ?? (bytes.length === 0 ? [] : (await textOf(bytes, path, this.texts)).split('\n'));
    const isBinary = change.isBinary && wideLines === undefined;
    return describeChange({ ...change, path, oldPath, lines, isBinary });
  }

  /** Git treats UTF-16 as binary, so the lines of such a text are compared here. */
  private async utf16Lines(change: PatchedChange, path: string): Promise<string[] | undefined> {
    if (this.wide <= 0) return undefined;
    this.wide--;
    const old = await this.blob(change.oldId, change.oldPath ?? change.path, change.oldMode);
    const fresh = await this.blob(change.newId, change.path, change.newMode);
    const sides = [old, fresh].filter((side) => side !== undefined && side.length > 0);
    const isText = sides.every((side) => hasUtf16Mark(side!) || this.texts.isUtf16(path));
    if (old === undefined || fresh === undefined || sides.length === 0 || !isText) return undefined;
    const [before, after] = [await this.wideText(old, path), await this.wideText(fresh, path)];
    return before.includes('\0') || after.includes('\0')
      ? undefined
      : lineDiff(linesOf(before), linesOf(after));
  }

  private async wideText(bytes: Buffer, path: string): Promise<string> {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
    return this.texts.decode(bytes, path);
  }

  /** The content of one side. Undefined when it is too large or cannot be read. */
  private async blob(id: string, path: string, mode: string): Promise<Buffer | undefined> {
    if (/^0+$/.test(mode)) return Buffer.alloc(0);
    if (absent.test(id)) return readInside(this.git.root, nameOf(path), wideBytes);
    const request = { args: ['cat-file', 'blob', id], mostBytes: wideBytes, signal: this.signal };
    const { code, stdout, isCut } = await runGit(this.git, request);
    return code === 0 && !isCut ? stdout : undefined;
  }
}

/**
 * Filters are programs that Git runs on files. Those from the repository's own configuration are disabled;
 * those from the user's configuration run.
 */
async function withoutOwnFilters(git: GitProgram, signal?: AbortSignal): Promise<GitConfig> {
  const [all, system, user] = await Promise.all(
    [[], ['--system', '--includes'], ['--global', '--includes']].map((scope) => filters(git, scope, signal)),
  );
  const users = new Map([...system!, ...user!]);
  return Object.fromEntries(
    Array.from(all!.keys(), (name) => [name, users.get(name) ?? (name.endsWith('.required') ? 'false' : '')]),
  );
}

async function filters(
  git: GitProgram,
  scope: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const args = ['config', ...scope, '-z', '--get-regexp', '^filter\\.'];
  const { stdout } = await runGit(git, { args, signal });
  const entries = stdout.toString('utf8').split('\0').filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [name = '', ...value] = entry.split('\n');
      return [name, value.join('\n')];
    }),
  );
}
