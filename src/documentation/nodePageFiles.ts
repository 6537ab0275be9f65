import { constants } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, temporarySuffix, type PageFiles } from './workspace/pageFiles.ts';

/** Folders that are not searched for pages, besides those whose names start with a dot. */
const skipped = new Set(['node_modules', 'bower_components', '__pycache__']);

/**
 * The files of a folder on this machine's disk, through Node: VS Code's file system cannot replace a file in
 * one step.
 */
export class NodePageFiles implements PageFiles {
  private readonly root: string;

  /** @param root the folder, as an absolute path */
  constructor(root: string) {
    this.root = root;
  }

  async *list(signal?: AbortSignal): AsyncIterable<string> {
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      signal?.throwIfAborted();
      for (const entry of await this.entries(folder)) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
          if (!entry.name.startsWith('.') && !skipped.has(entry.name)) folders.push(path);
        } else if (entry.isFile() && (/\.md$/i.test(path) || path.endsWith(temporarySuffix))) yield path;
      }
    }
  }

  async names(folder: string): Promise<string[]> {
    return (await this.entries(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.at(path));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** There is no editor. */
  isUnsaved(_path: string): boolean {
    return false;
  }

  async write(path: string, content: Uint8Array): Promise<void> {
    const target = this.at(path);
    // Not through a link, which a repository may contain.
    const file = await open(target, 'wx').catch(async (error: unknown) => {
      if (isMissing(error)) await this.makeFolder(dirname(target));
      else if (codeOf(error) === 'EEXIST') await this.remove(path);
      else throw error;
      return open(target, 'wx');
    });
    try {
      await file.writeFile(content);
      // Otherwise a power failure could keep the new name and lose the content.
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async replace(from: string, to: string): Promise<void> {
    await rename(this.at(from), this.at(to));
  }

  async moveToNew(from: string, to: string): Promise<void> {
    try {
      await link(this.at(from), this.at(to));
    } catch (error) {
      if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOSPC') throw error;
      return this.moveWithoutLink(from, to);
    }
    await this.remove(from);
  }

  async remove(path: string): Promise<void> {
    // `rm` would block the process meanwhile.
    await unlink(this.at(path)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }

  /** @throws with the code `ENOTDIR` when a file is in the way */
  private async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true }).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
      throw Object.assign(new Error(`${path} is a file.`, { cause: error }), { code: 'ENOTDIR' });
    });
  }

  /** For file systems without hard links, such as that of a memory card. */
  private async moveWithoutLink(from: string, to: string): Promise<void> {
    const isTaken = await access(this.at(to), constants.F_OK).then(
      () => true,
      () => false,
    );
    if (isTaken) throw Object.assign(new Error('The name is taken.'), { code: 'EEXIST' });
    await rename(this.at(from), this.at(to));
  }

  private async entries(folder: string) {
    try {
      return await readdir(this.at(folder), { withFileTypes: true });
    } catch (error) {
      if (isMissing(error) || codeOf(error) === 'EACCES' || codeOf(error) === 'EPERM') return [];
      throw error;
    }
  }

  private at(path: string): string {
    return join(this.root, path);
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
}
