import * as vscode from 'vscode';
import { commitsOf, gitFor, repositoryName, repositoryOf } from '../../editor/git.ts';
import { localize } from '../../ui/localize.ts';
import { NodePageFiles } from '../nodePageFiles.ts';
import type { PageSubject } from '../workspace/pageMark.ts';
import type { PageMaterial } from '../workspace/pageMaterial.ts';
import { PageSources } from '../workspace/pageSources.ts';
import { PageStore } from '../workspace/pageStore.ts';
import { textOfBytes } from '../workspace/textOfBytes.ts';

import { folderFiles, type ExcludedPages } from './folderFiles.ts';

/** As many commits as say how a file came to be, without drowning the code. */
const mostCommits = 20;

/** What a page is made from that is about no code; `undefined` for pages about code. */
export type OtherMaterial = (
  subject: PageSubject,
  signal: AbortSignal,
) => Promise<PageMaterial | undefined> | undefined;

/** The pages of a workspace folder. */
export function openPages(root: vscode.Uri, pagesFolder: string, signal?: AbortSignal): Promise<PageStore> {
  return PageStore.open(new NodePageFiles(root.fsPath), pagesFolder, signal);
}

/** What of the settings the sources of pages depend on. */
export interface SourceSettings extends ExcludedPages {
  answerLanguage: string | undefined;
}

/** The sources of pages in a workspace folder. */
export async function openSources(
  root: vscode.Uri,
  known: readonly PageSubject[],
  settings: () => SourceSettings,
  other: OtherMaterial,
  signal: AbortSignal,
): Promise<PageSources> {
  const git = await gitFor(root);
  const repository = await repositoryOf(root);
  return PageSources.prepare(
    known,
    {
      files: folderFiles(root, git, settings()),
      decode: textOfBytes,
      say: localize,
      language: () => settings().answerLanguage,
      repository:
        (repository && repositoryName(repository)) ?? vscode.workspace.getWorkspaceFolder(root)?.name,
      commitsOf: async (path) =>
        repository ? commitsOf(repository, vscode.Uri.joinPath(root, path), mostCommits) : [],
      other,
    },
    signal,
  );
}
