/**
 * The file operations that the store of pages needs. Paths are relative to the documented folder, with
 * forward slashes. Errors are the system's, with their `code`.
 */
export interface PageFiles {
  /**
   * The Markdown files, and incomplete files left by earlier processes (`temporarySuffix`). Skips folders
   * whose names start with a dot.
   */
  list(signal?: AbortSignal): AsyncIterable<string>;
  /** Names of the files in a folder; empty when it does not exist. */
  names(folder: string): Promise<string[]>;
  /** `undefined` when the file does not exist. In an editor, the text is the unsaved one. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Whether an editor has unsaved changes of the file. */
  isUnsaved(path: string): boolean;
  /** Writes a whole new file and flushes it to the disk. Creates its folders. */
  write(path: string, content: Uint8Array): Promise<void>;
  /** Replaces a file by another one in one step. */
  replace(from: string, to: string): Promise<void>;
  /** Renames a file. Fails with the code `EEXIST` when the name is taken. */
  moveToNew(from: string, to: string): Promise<void>;
  /** Does nothing when the file does not exist. */
  remove(path: string): Promise<void>;
}

/** Suffix of a file until it is complete. */
export const temporarySuffix = '.codeworm-part';

/** Names of incomplete files that this process is writing. They are unique, because two windows may write a page. */
const inWork = new Set<string>();
let count = 0;

/** Conditions of a write. */
interface WriteOptions {
  /** Fails with the code `EEXIST` when the name is taken. */
  isNew?: boolean;
  /** Asked last, when only the name of the file is still to be changed; `false` leaves the disk as it was. */
  mayReplace?: () => Promise<boolean>;
}

/**
 * Writes a file in one step: a reader finds either the old or the complete new content.
 * @returns whether it was written
 */
export async function writeWhole(
  files: PageFiles,
  path: string,
  text: string,
  { isNew = false, mayReplace = async () => true }: WriteOptions = {},
): Promise<boolean> {
  const name = `.${process.pid}-${(count++).toString(36)}${temporarySuffix}`;
  const temporary = `${path}${name}`;
  const bytes = new TextEncoder().encode(text);
  const move = (): Promise<void> =>
    isNew ? files.moveToNew(temporary, path) : files.replace(temporary, path);
  inWork.add(name);
  try {
    await files.write(temporary, bytes);
    if (!(await mayReplace())) {
      await files.remove(temporary);
      return false;
    }
    await move().catch(async (error: unknown) => {
      // A program on another machine may have taken it for an abandoned one.
      if (codeOf(error) !== 'ENOENT') throw error;
      await files.write(temporary, bytes);
      await move();
    });
    return true;
  } catch (error) {
    // This may fail on a full disk; the next run removes the file.
    await files.remove(temporary).catch(() => undefined);
    throw error;
  } finally {
    inWork.delete(name);
  }
}

/** Whether a file is incomplete, and the process that was writing it has ended. */
export function isAbandoned(path: string): boolean {
  if (!path.endsWith(temporarySuffix)) return false;
  const [name, pid] = /\.([1-9]\d*)-[0-9a-z]+\.codeworm-part$/.exec(path) ?? [];
  if (name === undefined || inWork.has(name)) return name === undefined;
  return Number(pid) === process.pid || !isRunning(Number(pid));
}

/** Whether there is a process with this number on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** A file as text; `undefined` when it does not exist. */
export async function readText(files: PageFiles, path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes && new TextDecoder().decode(bytes);
}

/** The code of a system error, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const diskErrors = new Set([
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
  'EACCES',
  'EPERM',
  'EBUSY',
]);

/** Whether an error of the system concerns the disk, not one page. */
export function isDiskError(error: unknown): boolean {
  return diskErrors.has(codeOf(error) ?? '');
}
