import { hostname } from 'node:os';
import { hashOf } from './pageMark.ts';
import { codeOf, isRunning, readText, writeWhole, type PageFiles } from './pageFiles.ts';

/** The program that writes the pages of a folder. */
interface Owner {
  pid: number;
  host: string;
  /** Milliseconds since 1970; renewed during the run. */
  at: number;
  /** Distinguishes two processes with the same number. */
  token: string;
}

/** Another program writes the pages of the folder. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';

  constructor() {
    super('Another window or program is writing pages in this folder: stop it, or wait until it has ended.');
  }
}

/** Milliseconds between two renewals, and after the last one until the owner counts as dead. */
const renewalMs = 30_000;
const mostSilentMs = 4 * renewalMs;

/** The tokens of this process. */
const held = new Set<string>();

/**
 * Takes the lock of a folder, so that no page is written twice by two programs. A program that has died does
 * not keep it.
 * @param path path of the lock's file
 * @returns releases it; never rejects
 * @throws FolderInUseError when another program has it
 */
export async function lockRun(files: PageFiles, path: string): Promise<() => Promise<void>> {
  const token = crypto.randomUUID();
  held.add(token);
  try {
    await take(files, path, token);
  } catch (error) {
    held.delete(token);
    if (error instanceof FolderInUseError) throw error;
    // The run reports a full or read-only disk by itself.
    return () => Promise.resolve();
  }
  let renewal = Promise.resolve();
  const timer = setInterval(() => {
    renewal = renew(files, path, token).catch(() => undefined);
  }, renewalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await renewal;
    held.delete(token);
    const owner = await ownerIn(files, path).catch(() => undefined);
    if (owner?.token === token) await files.remove(path).catch(() => undefined);
  };
}

/** After a long sleep of the machine, another program may have taken the lock over. */
async function renew(files: PageFiles, path: string, token: string): Promise<void> {
  const owner = await ownerIn(files, path);
  if (!owner || owner.token === token) await writeWhole(files, path, ownerText(token));
}

/**
 * Writes the lock's file, in place of that of a dead owner. Several programs may find the same dead owner: only the
 * one that has the lock for replacing exactly this owner does it, so that no program removes the lock of a live one.
 */
async function take(files: PageFiles, path: string, token: string): Promise<void> {
  const text = ownerText(token);
  try {
    await writeWhole(files, path, text, { isNew: true });
    return;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const dead = await readText(files, path);
  // Its owner has just ended.
  if (dead === undefined) return take(files, path, token);
  const owner = ownerOf(dead);
  if (owner && isActive(owner)) throw new FolderInUseError();
  const replacing = `${path.slice(0, path.lastIndexOf('.'))}-${(await hashOf(dead)).slice(0, 16)}.json`;
  await take(files, replacing, token);
  try {
    // Another program may have replaced it before, and may be running now.
    if ((await readText(files, path)) !== dead) throw new FolderInUseError();
    await writeWhole(files, path, text);
  } finally {
    await files.remove(replacing).catch(() => undefined);
  }
}

function isActive({ pid, host, at, token }: Owner): boolean {
  // Another process may have got the number of one that has died.
  if (Math.abs(Date.now() - at) >= mostSilentMs) return false;
  if (host !== hostname()) return true;
  return pid === process.pid ? held.has(token) : isRunning(pid);
}

function ownerText(token: string): string {
  return JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now(), token } satisfies Owner);
}

async function ownerIn(files: PageFiles, path: string): Promise<Owner | undefined> {
  const text = await readText(files, path);
  return text === undefined ? undefined : ownerOf(text);
}

/** `undefined` for a damaged text. */
function ownerOf(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, at, token } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(pid) &&
    Number(pid) > 0 &&
    typeof host === 'string' &&
    typeof at === 'number' &&
    typeof token === 'string'
  );
}
