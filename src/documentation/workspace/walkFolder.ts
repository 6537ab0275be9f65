import { isIgnored, parseIgnoreFile, type IgnoreScope } from './ignoreRules.ts';
import { skipByPath } from './skipRules.ts';
import { textOfBytes } from './textOfBytes.ts';

/** Folders and files of any file system. Paths are relative to the walked folder, with forward slashes. */
export interface FolderReader {
  /** The entries of a folder, `''` for the top. Links are `other`, so that a walk ends. */
  entries(path: string): Promise<readonly FolderEntry[]>;
  read(path: string): Promise<Uint8Array>;
}

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}

export interface WalkOptions {
  /** For systems where `README` and `readme` are the same file. */
  ignoreCase?: boolean;
  /** Whether settings exclude a path. */
  excludes?: ((path: string) => boolean) | undefined;
  /** The folder to walk, if the reader's top is the repository around it, whose rules count, too. */
  start?: readonly string[];
  signal?: AbortSignal | undefined;
}

/** Git's local file of rules for one clone. */
const infoExclude = '.git/info/exclude';
/** Deeper folders are ignored as a mistake. */
const deepest = 100;

/**
 * The files of a folder that Git does not ignore: first those of each folder, then those of its subfolders. Their paths
 * are relative to the walked folder.
 * Folders that never get pages (such as `node_modules`) are not read.
 */
export async function* walkFolder(reader: FolderReader, options: WalkOptions = {}): AsyncGenerator<string> {
  const { start = [], ignoreCase } = options;
  const scopes = await rulesIn(reader, infoExclude, [], options);
  for (let depth = 0; depth < start.length; depth++) {
    const folder = start.slice(0, depth);
    scopes.push(...(await rulesIn(reader, [...folder, '.gitignore'].join('/'), folder, options)));
    if (isIgnored(scopes, start.slice(0, depth + 1), true, ignoreCase)) return;
  }
  yield* walk(reader, start, scopes, options);
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
    const text = path.slice(options.start?.length ?? 0).join('/');
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
