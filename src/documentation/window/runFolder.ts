import * as vscode from 'vscode';
import { commitsOf, gitFor, repositoryName, repositoryOf } from '../../editor/git.ts';
import { localize } from '../../ui/localize.ts';
import { NodePageFiles } from '../nodePageFiles.ts';
import type { PageSubject } from '../workspace/pageMark.ts';
import { PageSources, type OtherMaterial } from '../workspace/pageSources.ts';
import { PageStore } from '../workspace/pageStore.ts';
import { textOfBytes } from '../workspace/textOfBytes.ts';

import { folderFiles, type ExcludedPages } from './folderFiles.ts';

/** Enough commits to show the file's history without displacing the code. */
const mostCommits = 20;

/** The document of a file that has unsaved changes. */
export function unsavedDocument(file: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'file' && isSameFile(uri, file),
  );
}

/** Usually, the disks of Windows and macOS do not distinguish case. */
function isSameFile({ fsPath: one }: vscode.Uri, { fsPath: other }: vscode.Uri): boolean {
  const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';
  return ignoresCase ? one.toLowerCase() === other.toLowerCase() : one === other;
}

/** Unsaved changes in an editor count as changes of the page: such a page is not replaced. */
class WindowPageFiles extends NodePageFiles {
  private readonly folder: vscode.Uri;

  constructor(root: vscode.Uri) {
    super(root.fsPath);
    this.folder = root;
  }

  override async read(path: string): Promise<Uint8Array | undefined> {
    const unsaved = this.unsaved(path);
    return unsaved ? new TextEncoder().encode(unsaved.getText()) : super.read(path);
  }

  override isUnsaved(path: string): boolean {
    return this.unsaved(path) !== undefined;
  }

  private unsaved(path: string): vscode.TextDocument | undefined {
    return unsavedDocument(vscode.Uri.joinPath(this.folder, path));
  }
}

/** The pages of a workspace folder. */
export function openPages(root: vscode.Uri, pagesFolder: string, signal?: AbortSignal): Promise<PageStore> {
  return PageStore.open(new WindowPageFiles(root), pagesFolder, signal);
}

/** The settings that affect the sources of pages. */
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
