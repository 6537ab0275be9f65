import type * as vscode from 'vscode';
import { programFor, repositoryOf } from './git.ts';
import { isIgnoredPath } from './ignoredPath.ts';

/**
 * Whether Git ignores a file; false outside of repositories, and for a repository on another machine.
 * @throws GitError
 */
export async function isIgnoredByGit(uri: vscode.Uri): Promise<boolean> {
  const repository = await repositoryOf(uri);
  const git = repository && (await programFor(repository));
  return git ? isIgnoredPath(git, uri.fsPath) : false;
}
