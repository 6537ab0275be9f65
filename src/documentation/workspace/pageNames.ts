import { pageFileName } from '../../answers/pageHeader.ts';
import { firstChars } from '../../text/clip.ts';
import type { PageIdentity } from './pageMark.ts';

/** Most characters of one part of a path. File systems allow 255 bytes. */
const partChars = 60;
/** Device names on Windows, with any extension. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The first path of a page, relative to the folder of pages: `src/inventory.ts/class-Inventory.md`, and
 * `src/inventory.ts/file.md` for the whole file. Valid on every system.
 * @param number from 2 on, if earlier names are taken
 */
export function pagePath({ path, symbol, kind }: PageIdentity, number = 1): string {
  const folders = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = symbol === undefined ? `${kind}.md` : pageFileName(kind, symbol);
  const numbered = number === 1 ? name : name.replace(/\.md$/, `-${number}.md`);
  return [...folders.map(legal), numbered].join('/');
}

/** Equal for all spellings of a path that name the same file on some system. */
export function spellingKey(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

function legal(part: string): string {
  const letters = part.normalize('NFC').replaceAll(/[^\p{L}\p{N}._-]+/gu, '-');
  const name = firstChars(letters, partChars).replace(/[. ]+$/, '');
  // Folders whose names start with a dot are hidden, and not searched for pages.
  return name === '' ? '_' : name.startsWith('.') || reserved.test(name) ? `_${name}` : name;
}
