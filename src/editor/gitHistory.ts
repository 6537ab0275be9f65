import { logOptions } from './gitLogOptions.ts';
import { GitError, runGit, type GitProgram } from './gitProgram.ts';

/** How often and how recently a file was changed. */
export interface FileHistory {
  commits: number;
  /** Milliseconds since 1970. */
  lastChange: number;
}

/** A commit of a period, with its changes. */
export interface PeriodCommit {
  /** Abbreviated. */
  hash: string;
  /** `2026-01-31`. */
  date: string;
  subject: string;
  body: string;
  /** Relative to the folder, with forward slashes; `added` is undefined for a binary file. */
  files: { path: string; added?: number; removed?: number }[];
}

/** Most commits that are read to find frequently changed files. */
const mostCommits = 5_000;
/** Most commits of a week or month in a summary. */
const mostInPeriod = 1_000;
/** Milliseconds since 1970 of the last day with a year of four digits. */
const mostMs = Date.UTC(9999, 11, 31);
/** Bytes of names: some 200,000 files. */
const mostNames = 32 * 2 ** 20;

/** For commits of a folder. */
const folderOptions = [...logOptions, '--no-renames', '--no-merges', '--relative'];

/**
 * The files of a folder that Git does not ignore, tracked or untracked; `undefined` when Git does not know
 * the folder, or when there are too many.
 */
export async function filesInGit(git: GitProgram, signal?: AbortSignal): Promise<string[] | undefined> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const output = await quietly(git, args, mostNames, signal);
  if (!output || output.isCut) return undefined;
  return output.text.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
}

/**
 * How often and how recently files were changed, by path relative to the folder; empty when Git does not know
 * the folder.
 */
export async function fileHistories(
  git: GitProgram,
  since: Date,
  signal?: AbortSignal,
): Promise<Map<string, FileHistory>> {
  const args = [
    'log',
    ...folderOptions,
    '--name-status',
    `--max-count=${mostCommits}`,
    `--since=${since.toISOString()}`,
    '--format=tformat:%ct',
    'HEAD',
    '--',
  ];
  const output = await quietly(git, args, mostNames, signal);
  return output ? parseHistories(output.text) : new Map();
}

/**
 * @param text for each commit its seconds, then a status and a name for each changed file, all of them
 * preceded by a zero byte, so that no name can be misread
 */
export function parseHistories(text: string): Map<string, FileHistory> {
  const histories = new Map<string, FileHistory>();
  const fields = text.split('\0');
  let time = 0;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!.replace(/^\n/, '');
    if (/^\d{1,12}$/.test(field)) time = Number(field) * 1_000;
    if (!/^[A-Z]\d*$/.test(field)) continue;
    const path = fields[++at];
    if (!path) continue;
    const known = histories.get(path);
    if (known) {
      known.commits++;
      known.lastChange = Math.max(known.lastChange, time);
    } else histories.set(path, { commits: 1, lastChange: time });
  }
  return histories;
}

/**
 * The commits of a period that changed something in a folder, newest first.
 * @param from inclusive
 * @param to exclusive
 */
export async function commitsBetween(
  git: GitProgram,
  from: Date,
  to: Date,
  signal?: AbortSignal,
): Promise<PeriodCommit[]> {
  const args = [
    'log',
    ...folderOptions,
    '--numstat',
    `--max-count=${mostInPeriod}`,
    `--since=${from.toISOString()}`,
    `--until=${new Date(to.getTime() - 1_000).toISOString()}`,
    '--format=tformat:%H%x00%ct%x00%s%x00%b',
    'HEAD',
    '--',
    '.',
  ];
  const output = await quietly(git, args, mostNames, signal);
  return output ? parseCommits(output.text) : [];
}

/**
 * @param text for each commit its hash, seconds, subject and body, then lines and name of each changed file,
 * all of them preceded by a zero byte, so that no message can be misread
 */
export function parseCommits(text: string): PeriodCommit[] {
  const commits: PeriodCommit[] = [];
  const fields = text.split('\0');
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!.replace(/^\n/, '');
    if (/^[0-9a-f]{40,64}$/.test(field)) {
      const [seconds = '', subject = '', body = ''] = fields.slice(at + 1, at + 4);
      at += 3;
      const date = dayOf(Number(seconds));
      commits.push({ hash: field.slice(0, 8), date, subject, body: body.trim(), files: [] });
      continue;
    }
    const [, added = '', removed = '', path] = /^(\d+|-)\t(\d+|-)\t([^]+)$/.exec(field) ?? [];
    if (path === undefined) continue;
    const counts = added === '-' ? {} : { added: Number(added), removed: Number(removed) };
    commits.at(-1)?.files.push({ path, ...counts });
  }
  return commits;
}

/** `2026-01-31`; the last possible day for a time that a damaged clock has given. */
function dayOf(seconds: number): string {
  const ms = Math.min(Math.max(0, seconds * 1_000 || 0), mostMs);
  return new Date(ms).toISOString().slice(0, 10);
}

/** `undefined` when Git fails: no repository, no commit, too slow. */
async function quietly(
  git: GitProgram,
  args: readonly string[],
  mostBytes: number,
  signal?: AbortSignal,
): Promise<{ text: string; isCut: boolean } | undefined> {
  try {
    const { code, stdout, isCut } = await runGit(git, { args, mostBytes, signal });
    return code === 0 ? { text: stdout.toString('utf8'), isCut } : undefined;
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}
