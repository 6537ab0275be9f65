import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { insideOf, isWholePath, pathRules } from './untrustedFolders.ts';

/** Where to search for programs. */
export interface ProgramSources {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  home: string;
  /** The real path of an executable file with all links resolved; undefined for anything else. */
  runnable: (path: string) => Promise<string | undefined>;
}

const realSources = (): ProgramSources => ({
  platform: process.platform,
  env: process.env,
  home: homedir(),
  runnable,
});

/** The real implementation of {@link ProgramSources}. */
export async function runnable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const real = await realpath(path);
    return (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The absolute path of the `ollama` program on this machine: the first one in PATH, else in the folders of its
 * installers. Ignores relative entries of PATH, and everything in one of the given folders or reached through
 * one: a program from a repository must never be started.
 */
export async function findOllama(
  untrustedFolders: readonly string[],
  sources: ProgramSources = realSources(),
): Promise<string | undefined> {
  const { platform } = sources;
  const isUntrusted = await insideOf(untrustedFolders, platform);
  for (const folder of folders(sources)) {
    const file = pathRules(platform).join(folder, platform === 'win32' ? 'ollama.exe' : 'ollama');
    const real = await sources.runnable(file);
    if (real !== undefined && !(await isUntrusted(file)) && !(await isUntrusted(real))) return file;
  }
  return undefined;
}

function folders(sources: ProgramSources): string[] {
  const { platform, env } = sources;
  const searched = pathOf(env, platform)
    .split(pathRules(platform).delimiter)
    .map((entry) => entry.trim().replace(/^"(.*)"$/, '$1'));
  return [...searched, ...usualFolders(sources)].filter((entry) => isWholePath(entry, platform));
}

/** The folders of the installers: Ollama's own on each system, Homebrew, and an installation for one user. */
function usualFolders({ platform, env, home }: ProgramSources): string[] {
  switch (platform) {
    case 'win32':
      return [
        win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'Programs', 'Ollama'),
        win32.join(env['ProgramFiles'] || 'C:\\Program Files', 'Ollama'),
      ];
    case 'darwin':
      return [
        '/usr/local/bin',
        '/opt/homebrew/bin',
        '/Applications/Ollama.app/Contents/Resources',
        posix.join(home, 'Applications/Ollama.app/Contents/Resources'),
      ];
    default:
      return ['/usr/local/bin', '/usr/bin', '/bin', '/snap/bin', posix.join(home, '.local/bin')];
  }
}

/** Windows writes it `Path`, and ignores case. */
function pathOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform !== 'win32') return env['PATH'] ?? '';
  return Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}
