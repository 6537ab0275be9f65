import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { GitError, runGit, type GitProgram } from './gitProgram.ts';

/**
 * Whether Git ignores a file of a repository, which need not exist.
 * @param path full path; it may lead through a link to the repository, or through one inside it
 * @throws GitError
 */
export async function isIgnoredPath(git: GitProgram, path: string): Promise<boolean> {
  const way = relative(git.root, path);
  if (way.startsWith('..') || isAbsolute(way)) return ask(git, await realPathIn(git.root, path));
  try {
    return await ask(git, path);
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== 'failed') throw error;
    return ask(git, await realPathIn(git.root, path));
  }
}

async function ask(git: GitProgram, path: string): Promise<boolean> {
  const args = ['check-ignore', '-q', '--', path];
  const { code } = await runGit(git, { args, literalPaths: false });
  return code === 0;
}

/** Git refuses a path that leads through a link. */
async function realPathIn(root: string, path: string): Promise<string> {
  const [folder, realRoot] = await Promise.all([dirname(path), root].map((one) => realpath(one)));
  return join(root, relative(realRoot!, join(folder!, basename(path))));
}
