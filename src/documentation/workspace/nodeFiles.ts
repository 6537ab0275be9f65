import { lstat, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { WorkspaceFiles } from './planItem.ts';
import { walkFolder, type FolderEntry, type FolderReader } from './walkFolder.ts';

export interface NodeFilesOptions {
  /**
   * The files that Git lists; `undefined` when it does not know the folder, so that the ignore files are read
   * here.
   */
  listed?: ((signal?: AbortSignal) => Promise<readonly string[] | undefined>) | undefined;
  /** Whether settings exclude a path. */
  excludes?: ((path: string, exists: (path: string) => boolean) => boolean) | undefined;
}

/** Files whose sizes are read in parallel. */
const atOnce = 64;

/** The files of a folder on this machine. */
export class NodeFiles implements WorkspaceFiles {
  private readonly folder: string;
  private readonly options: NodeFilesOptions;

  /** @param folder full path */
  constructor(folder: string, options: NodeFilesOptions = {}) {
    this.folder = folder;
    this.options = options;
  }

  async *list(signal?: AbortSignal): AsyncGenerator<{ path: string; size: number }> {
    const listed = (await this.options.listed?.(signal)) ?? (await this.walked(signal));
    const known = new Set(listed);
    const { excludes } = this.options;
    for (let from = 0; from < listed.length; from += atOnce) {
      signal?.throwIfAborted();
      const paths = listed
        .slice(from, from + atOnce)
        .filter((path) => !excludes?.(path, (other) => known.has(other)));
      const sizes = await Promise.all(paths.map((path) => this.sizeOf(path)));
      for (const [index, path] of paths.entries()) {
        const size = sizes[index];
        if (size !== undefined) yield { path, size };
      }
    }
  }

  read(path: string): Promise<Uint8Array> {
    return readFile(join(this.folder, path));
  }

  private async walked(signal?: AbortSignal): Promise<string[]> {
    const top = await this.repository();
    const start = relative(top, this.folder).split(sep).filter(Boolean);
    const reader: FolderReader = {
      entries: (path) => entriesOf(join(top, path)),
      read: (path) => readFile(join(top, path)),
    };
    const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';
    const paths: string[] = [];
    for await (const path of walkFolder(reader, { ignoreCase, start, signal })) paths.push(path);
    return paths;
  }

  /** The top folder of the repository around the folder; the folder itself when there is none. */
  private async repository(): Promise<string> {
    for (let folder = this.folder; ; folder = dirname(folder)) {
      if (await lstat(join(folder, '.git')).catch(() => undefined)) return folder;
      if (dirname(folder) === folder) return this.folder;
    }
  }

  /** Links are skipped, because their targets may be anywhere. */
  private async sizeOf(path: string): Promise<number | undefined> {
    const found = await lstat(join(this.folder, path)).catch(() => undefined);
    return found?.isFile() ? found.size : undefined;
  }
}

async function entriesOf(folder: string): Promise<FolderEntry[]> {
  const all = await readdir(folder, { withFileTypes: true });
  return all.map((entry) => ({
    name: entry.name,
    kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
  }));
}
