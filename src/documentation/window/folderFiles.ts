import * as vscode from 'vscode';
import { GlobFilter, type GlobSetting } from '../workspace/globs.ts';
import { NodeFiles } from '../workspace/nodeFiles.ts';
import type { WorkspaceFiles } from '../workspace/planItem.ts';
import { walkFolder, type FolderReader } from '../workspace/walkFolder.ts';
import { filesInGit } from '../../editor/gitHistory.ts';
import type { GitProgram } from '../../editor/gitProgram.ts';

/**
 * The files of a folder in the workspace, without those excluded by Git, `files.exclude`, `search.exclude`,
 * `codeworm.pages.exclude` and the pages.
 */
export function folderFiles(
  folder: vscode.Uri,
  git: GitProgram | undefined,
  excluded: ExcludedPages,
): WorkspaceFiles {
  const filter = filterFor(folder, excluded);
  if (folder.scheme === 'file')
    return new NodeFiles(folder.fsPath, {
      listed: git && ((signal) => filesInGit(git, signal)),
      excludes: (path, exists) => filter(path, exists),
    });
  return virtualFiles(folder, filter);
}

export interface ExcludedPages {
  pagesFolder: string;
  pagesExclude: GlobSetting;
}

type Excludes = (path: string, exists: (path: string) => boolean) => boolean;

/** The settings contain paths in the workspace folder, and the folder may be a part of that. */
function filterFor(folder: vscode.Uri, { pagesFolder, pagesExclude }: ExcludedPages): Excludes {
  const settings = ['files.exclude', 'search.exclude'].map((name) =>
    vscode.workspace.getConfiguration(undefined, folder).get<GlobSetting>(name, {}),
  );
  const filter = new GlobFilter([
    ...settings,
    pagesExclude,
    { [`${pagesFolder}/**/*.md`]: pagesFolder !== '' },
  ]);
  const prefix = pathInWorkspace(folder);
  return (path, exists) =>
    filter.excludes(prefix + path, (other) => other.startsWith(prefix) && exists(other.slice(prefix.length)));
}

/** `packages/one/` for a folder inside a workspace folder; empty for the workspace folder itself. */
export function pathInWorkspace(folder: vscode.Uri): string {
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri.path.replace(/\/$/, '');
  const path = folder.path.replace(/\/$/, '');
  return root === undefined || path === root ? '' : `${path.slice(root.length + 1)}/`;
}

/** For a file system that only VS Code can read. */
function virtualFiles(folder: vscode.Uri, excludes: Excludes): WorkspaceFiles {
  const uriOf = (path: string): vscode.Uri => (path === '' ? folder : vscode.Uri.joinPath(folder, path));
  const read = async (path: string): Promise<Uint8Array> => vscode.workspace.fs.readFile(uriOf(path));
  const reader: FolderReader = {
    read,
    entries: async (path) =>
      (await vscode.workspace.fs.readDirectory(uriOf(path))).map(([name, type]) => ({
        name,
        kind:
          type === vscode.FileType.File ? 'file' : type === vscode.FileType.Directory ? 'folder' : 'other',
      })),
  };
  return {
    read,
    async *list(signal) {
      const paths = new Set<string>();
      for await (const path of walkFolder(reader, { signal })) paths.add(path);
      for (const path of paths) {
        if (excludes(path, (other) => paths.has(other))) continue;
        // It may have been deleted meanwhile.
        const found = await vscode.workspace.fs.stat(uriOf(path)).then(
          ({ size }) => ({ path, size }),
          () => undefined,
        );
        if (found) yield found;
      }
    },
  };
}
