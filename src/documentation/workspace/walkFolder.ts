import { isIgnored, parseIgnoreFile, type IgnoreScope } from './ignoreRules.ts';
import { skipByPath } from './skipRules.ts';
import { textOfBytes } from './textOfBytes.ts';

/** Folders and files of some system; paths are relative to the folder that is walked, with forward slashes. */
export interface FolderReader {
  /** Of a folder, `''` for the top; links are `other`, so that a walk has an end. */
  entries(path: string): Promise<readonly FolderEntry[]>;
  read(path: string): Promise<Uint8Array>;
}

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}

export interface WalkOptions {
  /** As on systems where `README` and `readme` are one file. */
  ignoreCase?: boolean;
  /** What settings exclude. */
  excludes?: ((path: string) => boolean) | undefined;
  signal?: AbortSignal | undefined;
}

/** Git's own file of rules that are nobody else's. */
const infoExclude = '.git/info/exclude';
/** Deeper, a folder is a mistake. */
const deepest = 100;

/**
 * The files that the ignore files in a folder leave, as Git would: those of each folder, the nearest one first. What no
 * page is ever about (`node_modules` and the like) is not even looked into.
 */
export async function* walkFolder(reader: FolderReader, options: WalkOptions = {}): AsyncGenerator<string> {
  const info = await rulesIn(reader, infoExclude, [], options);
  yield* walk(reader, [], info, options);
}

async function* walk(
  reader: FolderReader,
  folder: readonly string[],
  outer: readonly IgnoreScope[],
  options: WalkOptions,
): AsyncGenerator<string> {
  options.signal?.throwIfAborted();
  const entries = await reader.entries(folder.join('/')).catch(() => []);
  const own = entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file')
    ? await rulesIn(reader, [...folder, '.gitignore'].join('/'), folder, options)
    : [];
  const scopes = [...outer, ...own];
  for (const { name, kind } of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = [...folder, name];
    const text = path.join('/');
    if (kind === 'other' || isIgnored(scopes, path, kind === 'folder', options.ignoreCase)) continue;
    if (options.excludes?.(text)) continue;
    if (kind === 'file') yield text;
    else if (path.length < deepest && skipByPath(`${text}/x`) === undefined)
      yield* walk(reader, path, scopes, options);
  }
}

async function rulesIn(
  reader: FolderReader,
  path: string,
  folder: readonly string[],
  { ignoreCase }: WalkOptions,
): Promise<IgnoreScope[]> {
  const bytes = await reader.read(path).catch(() => undefined);
  return bytes ? [{ folder, rules: parseIgnoreFile(textOfBytes(bytes), ignoreCase) }] : [];
}
