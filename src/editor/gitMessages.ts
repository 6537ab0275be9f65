import { logOptions } from './gitLogOptions.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from '../prompts/pageKinds.ts';
import { gitOutput, runGit, type GitProgram } from './gitProgram.ts';

/** The message that Git has prepared for the next commit. */
export interface PreparedMessage {
  text: string;
  /** `squash`: a list of the combined commits. `message`: a message that lacks only what was done. */
  kind: 'message' | 'squash';
}

/**
 * The message that Git has prepared after a merge, cherry-pick, revert or interrupted rebase, without the
 * comment lines that Git itself would remove.
 * @throws GitError
 */
export async function preparedMessage(
  git: GitProgram,
  signal?: AbortSignal,
): Promise<PreparedMessage | undefined> {
  const folder = await gitOutput(git, { args: ['rev-parse', '--absolute-git-dir'], signal });
  const gitFolder = folder.toString('utf8').replace(/\r?\n$/, '');
  const merged = await messageIn(git, join(gitFolder, 'MERGE_MSG'), signal);
  if (merged) return { text: merged, kind: 'message' };
  const squashed = await messageIn(git, join(gitFolder, 'SQUASH_MSG'), signal);
  return squashed ? { text: squashed, kind: 'squash' } : undefined;
}

/** The line below which `git commit` ignores the message. */
const scissors = /^\S+ -{24} >8 -{24}$/m;

async function messageIn(git: GitProgram, path: string, signal?: AbortSignal): Promise<string> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return '';
  const text = textOf(bytes);
  const cut = text.search(scissors);
  // Git knows this repository's comment character.
  const input = cut < 0 ? text : text.slice(0, cut);
  const stripped = await gitOutput(git, { args: ['stripspace', '--strip-comments'], input, signal });
  return stripped.toString('utf8').trim();
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Subject lines of the latest commits without merges, newest first. Empty before the first commit. Never
 * rejects.
 */
export async function lastSubjects(git: GitProgram, most: number, signal?: AbortSignal): Promise<string[]> {
  const args = [
    'log',
    ...logOptions,
    '--no-patch',
    '--no-merges',
    `--max-count=${most}`,
    '--format=tformat:%s',
    'HEAD',
  ];
  return (await records(git, args, signal)).filter(Boolean);
}

/** The latest commits of a file, newest first. Empty when Git knows none. Never rejects. */
export async function commitsOfFile(git: GitProgram, path: string, most: number): Promise<Commit[]> {
  const args = [
    'log',
    ...logOptions,
    '--no-patch',
    `--max-count=${most}`,
    '--format=tformat:%H%n%at%n%s',
    '--',
    path,
  ];
  return (await records(git, args)).flatMap((record) => {
    const [whole, hash = '', seconds = '', subject = ''] = commitRecord.exec(record) ?? [];
    if (whole === undefined) return [];
    const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
    return [{ hash: hash.slice(0, 8), date, subject }];
  });
}

const commitRecord = /^([0-9a-f]{40,64})\n(\d{1,11})\n(.*)$/s;

async function records(git: GitProgram, args: readonly string[], signal?: AbortSignal): Promise<string[]> {
  try {
    const { code, stdout } = await runGit(git, { args, signal });
    const all = code === 0 ? stdout.toString('utf8').split('\0') : [];
    // Each record ends in NUL, so the last element is empty.
    all.pop();
    return all;
  } catch {
    return [];
  }
}
