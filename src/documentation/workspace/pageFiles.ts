/**
 * The files of the folder that is documented, as the store of pages needs them. Paths are relative to that folder, with
 * forward slashes. Whatever cannot be done throws the system's error, with its `code`.
 */
export interface PageFiles {
  /**
   * The Markdown files, and what earlier processes have left behind while they wrote one (`temporarySuffix`); not those
   * in folders whose names begin with a dot.
   */
  list(signal?: AbortSignal): AsyncIterable<string>;
  /** Names of the files in a folder; none where there is no folder. */
  names(folder: string): Promise<string[]>;
  /** `undefined` where there is no file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes a whole file so that it is on the disk afterwards; makes its folders. */
  write(path: string, content: Uint8Array): Promise<void>;
  /** Puts a file in the place of another, in one step. */
  replace(from: string, to: string): Promise<void>;
  /** Gives a file another name; fails with the code `EEXIST` where that is taken. */
  moveToNew(from: string, to: string): Promise<void>;
  /** Nothing happens where there is no file. */
  remove(path: string): Promise<void>;
}

/** What a file is called until it is complete. */
export const temporarySuffix = '.codeworm-part';

/** Writes a file in one step: whoever reads it finds all of it or what was there before. */
export async function writeWhole(
  files: PageFiles,
  path: string,
  text: string,
  { isNew = false } = {},
): Promise<void> {
  const temporary = `${path}${temporarySuffix}`;
  try {
    await files.write(temporary, new TextEncoder().encode(text));
    await (isNew ? files.moveToNew(temporary, path) : files.replace(temporary, path));
  } catch (error) {
    // A full disk may not even let go of it; the next run removes it.
    await files.remove(temporary).catch(() => undefined);
    throw error;
  }
}

/** A file as text; `undefined` where there is none. */
export async function readText(files: PageFiles, path: string): Promise<string | undefined> {
  const bytes = await files.read(path);
  return bytes && new TextDecoder().decode(bytes);
}

/** The code of a system's error, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
