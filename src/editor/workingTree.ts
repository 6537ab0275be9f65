import { constants } from 'node:fs';
import { lstat, open, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A regular file of the working tree. Undefined for anything else, and for more than `most` bytes. Links are
 * never followed, neither a link as the file nor as a parent folder: Git does not follow them, and they may
 * lead anywhere.
 */
export async function readInside(root: string, path: string, most: number): Promise<Buffer | undefined> {
  try {
    const parts = path.split('/');
    for (const [index] of parts.entries()) {
      const above = await lstat(join(root, ...parts.slice(0, index + 1)));
      if (above.isSymbolicLink()) return undefined;
    }
    // Windows has no such flag. There, a file is a link only if it was created as one.
    const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
    await using file = await open(join(root, ...parts), constants.O_RDONLY + noFollow);
    const stat = await file.stat();
    return stat.isFile() && stat.size <= most ? await file.readFile() : undefined;
  } catch {
    return undefined;
  }
}

/** The target of a link, without following it. Undefined for anything else. */
export async function linkText(root: string, path: string): Promise<string | undefined> {
  try {
    const full = join(root, path);
    return (await lstat(full)).isSymbolicLink() ? await readlink(full) : undefined;
  } catch {
    return undefined;
  }
}
