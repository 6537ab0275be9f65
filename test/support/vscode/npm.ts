// Large packages that only tests need are not dependencies: they are installed from npm into .vscode-test/ on
// first use.
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownFolder, removeFolder, spawnTree, stopTree } from './cleanup.ts';

export const root = join(import.meta.dirname, '..', '..', '..');
export const store = join(root, '.vscode-test');

/** The npm that started this process (with the same registry and cache), else any. */
export function npmCommand(args: string[]): [command: string, args: string[]] {
  const script = process.env['npm_execpath'];
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

/** Runs npm without output. Throws an Error with its output when it fails. */
export async function npm(args: string[], cwd: string): Promise<void> {
  const [command, all] = npmCommand([...args, '--no-audit', '--no-fund', '--loglevel=error']);
  const child = spawnTree(command, all, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  child.stdout!.on('data', (data) => (output += data));
  child.stderr!.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  await stopTree(child);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed: ${output.trim() || `exit code ${code}`}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Replaces a lock left by a process that has died. */
function tryLock(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
    if (owner > 0 && !isRunning(owner)) rmSync(file, { force: true });
    return false;
  }
}

/**
 * The folder of an installed package set, created by `fill` on first use. It gets its name only when
 * complete. If two processes need it at once, the work is done once.
 */
export async function installOnce(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(store, name);
  if (existsSync(folder)) return folder;
  mkdirSync(store, { recursive: true });
  const lock = join(store, `${name}.lock`);
  while (!tryLock(lock)) await delay(200);
  const unlock = (): void => rmSync(lock, { force: true });
  process.once('exit', unlock);
  try {
    if (!existsSync(folder)) await fillAndRename(folder, fill);
  } finally {
    process.off('exit', unlock);
    unlock();
  }
  return folder;
}

async function fillAndRename(folder: string, fill: (folder: string) => Promise<void>): Promise<void> {
  removeAbandoned(folder);
  // A unique name, because the npm of a killed process may still be writing into its folder.
  const partial = ownFolder(`${folder}.${process.pid}.partial`);
  mkdirSync(partial);
  try {
    // Without its own manifest, npm would install into the surrounding project.
    writeFileSync(join(partial, 'package.json'), '{ "private": true }\n');
    await fill(partial);
    renameSync(partial, folder);
  } finally {
    removeFolder(partial);
  }
}

function removeAbandoned(folder: string): void {
  for (const name of readdirSync(store)) {
    const pid = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (name.startsWith(basename(folder)) && pid && !isRunning(Number(pid))) removeFolder(join(store, name));
  }
}
