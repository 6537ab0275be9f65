import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { runGit, type GitProgram } from './gitProgram.ts';

/**
 * Whether Git ignores a file of a repository, which need not exist.
 * @param path full path; it may lead through a link to the repository
 * @throws GitError
 */
export async function isIgnoredPath(git: GitProgram, path: string): Promise<boolean> {
  const args = ['check-ignore', '-q', '--', await pathInside(git.root, path)];
  const { code } = await runGit(git, { args, literalPaths: false });
  return code === 0;
}

/** Git refuses a path that only leads into the repository through a link above it. */
async function pathInside(root: string, path: string): Promise<string> {
  const way = relative(root, path);
  if (!way.startsWith('..') && !isAbsolute(way)) return path;
  const [folder, realRoot] = await Promise.all([dirname(path), root].map((one) => realpath(one)));
  return join(root, relative(realRoot!, join(folder!, basename(path))));
}
