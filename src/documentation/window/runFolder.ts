import * as vscode from 'vscode';
import { commitsOf, repositoryName, repositoryOf } from '../../editor/git.ts';
import { localize } from '../../ui/localize.ts';
import { NodePageFiles } from '../nodePageFiles.ts';
import { NodeFiles } from '../workspace/nodeFiles.ts';
import type { PageSubject } from '../workspace/pageMark.ts';
import type { PageMaterial } from '../workspace/pageMaterial.ts';
import { PageSources } from '../workspace/pageSources.ts';
import { PageStore } from '../workspace/pageStore.ts';
import { textOfBytes } from '../workspace/textOfBytes.ts';

/** Enough commits to show the file's history without displacing the code. */
const mostCommits = 20;

/** The material of a page that is not about code; `undefined` for pages about code. */
export type OtherMaterial = (
  subject: PageSubject,
  signal: AbortSignal,
) => Promise<PageMaterial | undefined> | undefined;

/** The pages of a workspace folder. */
export function openPages(root: vscode.Uri, pagesFolder: string, signal?: AbortSignal): Promise<PageStore> {
  return PageStore.open(new NodePageFiles(root.fsPath), pagesFolder, signal);
}

/** The sources of pages in a workspace folder. */
export async function openSources(
  root: vscode.Uri,
  known: readonly PageSubject[],
  language: () => string | undefined,
  other: OtherMaterial,
  signal: AbortSignal,
): Promise<PageSources> {
  const repository = await repositoryOf(root);
  return PageSources.prepare(
    known,
    {
      files: new NodeFiles(root.fsPath),
      decode: textOfBytes,
      say: localize,
      language,
      repository:
        (repository && repositoryName(repository)) ?? vscode.workspace.getWorkspaceFolder(root)?.name,
      commitsOf: async (path) =>
        repository ? commitsOf(repository, vscode.Uri.joinPath(root, path), mostCommits) : [],
      other,
    },
    signal,
  );
}
