import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A regular file of the working tree; undefined where it is none, or larger than `most` bytes. A link is never
 * followed, neither in place of the file nor of a folder above it: Git does not, and its target may be anywhere.
 */
export async function readInside(root: string, path: string, most: number): Promise<Buffer | undefined> {
  try {
    const parts = path.split('/');
    for (const [index] of parts.entries()) {
      const above = await lstat(join(root, ...parts.slice(0, index + 1)));
      if (above.isSymbolicLink()) return undefined;
    }
    // Windows has no such flag, and no file that is a link without having been created as one.
    const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
    await using file = await open(join(root, ...parts), constants.O_RDONLY + noFollow);
    const stat = await file.stat();
    return stat.isFile() && stat.size <= most ? await file.readFile() : undefined;
  } catch {
    return undefined;
  }
}

/** Where a link leads, without going there; undefined for what is no link. */
export async function linkText(root: string, path: string): Promise<string | undefined> {
  try {
    const full = join(root, path);
    return (await lstat(full)).isSymbolicLink() ? await readlink(full) : undefined;
  } catch {
    return undefined;
  }
}
