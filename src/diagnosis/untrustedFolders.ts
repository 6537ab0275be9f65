import { readlink, realpath } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

type PathModule = typeof posix;

/** More links than this form a loop. */
const mostLinks = 40;

/** The path rules of a system. */
export function pathRules(platform: NodeJS.Platform): PathModule {
  return platform === 'win32' ? win32 : posix;
}

/** Whether a Windows path has a drive: `\folder` counts as absolute, but depends on the current drive. */
export function isWholePath(path: string, platform: NodeJS.Platform): boolean {
  return platform === 'win32' ? /^(?:[a-z]:[\\/]|\\\\)/i.test(path) : posix.isAbsolute(path);
}

/**
 * Tells whether a path leads into one of the folders or through one, with links resolved: a repository must
 * not decide what is started. Ignores case, as some systems do.
 */
export async function insideOf(
  folders: readonly string[],
  platform: NodeJS.Platform,
): Promise<(path: string) => Promise<boolean>> {
  const rules = pathRules(platform);
  const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => folder)));
  const roots = [...folders, ...real].map(folded);
  const contains = (path: string): boolean =>
    roots.some((root) => {
      const way = rules.relative(root, folded(path));
      return way !== '..' && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way);
    });
  return async (path) => {
    if (contains(path)) return true;
    const passed = await pathsOnTheWay(path, rules);
    return passed === undefined || passed.some(contains);
  };
}

/** macOS writes a letter with an accent as two characters. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** All files, folders and links on the way to a path; empty when the links form a loop. */
async function pathsOnTheWay(path: string, rules: PathModule): Promise<string[] | undefined> {
  const passed: string[] = [];
  let { at, rest } = partsOf(path, rules);
  for (let links = 0; rest.length > 0;) {
    const next = rules.join(at, rest[0] ?? '');
    rest = rest.slice(1);
    passed.push(next);
    const target = await readlink(next).catch(() => undefined);
    if (target === undefined) at = next;
    else if (++links > mostLinks) return undefined;
    else {
      const led = partsOf(rules.resolve(at, target), rules);
      at = led.at;
      rest = [...led.rest, ...rest];
    }
  }
  return passed;
}

function partsOf(path: string, rules: PathModule): { at: string; rest: string[] } {
  const { root } = rules.parse(path);
  return { at: root, rest: path.slice(root.length).split(rules.sep).filter(Boolean) };
}
