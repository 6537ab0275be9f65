// However this process ends, nothing it started may stay: child processes, temporary folders.
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const children = new Set<ChildProcess>();
const folders = new Set<string>();
let armed = false;

/**
 * Installs the cleanup for the event 'exit', which happens at every end except SIGKILL and allows only
 * synchronous work. Called by everything that starts something here, and by programs whose children do.
 */
export function arm(): void {
  if (armed) return;
  armed = true;
  process.on('exit', () => {
    for (const child of children) signalTree(child, 'SIGKILL');
    for (const folder of folders) remove(folder);
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => process.exit(code));
  }
  endWithParent();
}

/** A killed parent cannot forward a signal, but this process then has another parent. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 1000).unref();
}

function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    else process.kill(-child.pid, signal);
  } catch {
    // It has already exited.
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // A process that is ending may still write into it. Files left in the temporary folder are not an error.
  }
}

/** A child in a separate process group, so that its whole tree can be ended. */
export function spawnTree(command: string, args: string[], options: SpawnOptions): ChildProcess {
  arm();
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  children.add(child);
  return child;
}

/** Ends the whole tree and waits for its leader: by a signal, and after 3 s by force. */
export async function stopTree(child: ChildProcess): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  signalTree(child, 'SIGTERM');
  await Promise.race([gone, delay(3000, undefined, { ref: false })]);
  signalTree(child, 'SIGKILL');
  await gone;
  children.delete(child);
}

export function temporaryFolder(name: string): string {
  return ownFolder(mkdtempSync(join(tmpdir(), `codeworm-${name}-`)));
}

/** Removes the folder when this process ends. */
export function ownFolder(folder: string): string {
  arm();
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  remove(folder);
  folders.delete(folder);
}
