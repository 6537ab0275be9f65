import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  defaultSettings,
  OllamaClient,
  OllamaError,
  parseBaseUrl,
  localizable,
  type LocalizableMessage,
} from '../ollama/index.ts';
import type { Startable } from './diagnose.ts';
import { environmentOutside } from './ollamaEnvironment.ts';
import { redact, type Identity } from './redact.ts';

export interface StartRequest extends Startable {
  /** Aborting ends what was started. */
  signal: AbortSignal;
  /** Called while it is waited for, with the milliseconds since the start. */
  onProgress?: (waitedMs: number) => void;
  /** Folders from which nothing is taken: those of the workspace. */
  untrustedFolders?: readonly string[];
  /** For the last words of a program that fails. */
  identity: Identity;
  /** Of the new process; `OLLAMA_HOST` is added where it does not lead to the address. */
  env?: NodeJS.ProcessEnv;
  limits?: Partial<StartLimits>;
}

/** In milliseconds. */
export interface StartLimits {
  /** Until it answers. */
  totalMs: number;
  /** Between two looks; a refused connection costs next to nothing. */
  pollMs: number;
  /** Between asking the program to end and ending it. */
  graceMs: number;
}

/** What was started. */
export interface Started {
  /** Its process; undefined when somebody else's server answers there by now. */
  pid: number | undefined;
  /** Where it writes its log. */
  logFile: string;
}

const defaultLimits: StartLimits = { totalMs: 30_000, pollMs: 250, graceMs: 3000 };

/**
 * Starts `ollama serve` and follows it until it answers. From then on it lives on its own, also when VS Code
 * closes: its log goes to a file, for a pipe would break with us and take it along at its next line.
 * @throws OllamaError when it cannot be started, ends, or does not answer in time; the signal's reason when it
 *   aborts. Whatever was started has ended then.
 */
export async function startOllama(request: StartRequest): Promise<Started> {
  const { signal } = request;
  signal.throwIfAborted();
  const limits = { ...defaultLimits, ...request.limits };
  const folder = await mkdtemp(join(tmpdir(), 'codeworm-ollama-'));
  const logFile = join(folder, 'serve.log');
  const serving = await launch(request, logFile);
  try {
    const pid = await follow(serving, request, limits);
    serving.child.unref();
    return { pid, logFile };
  } catch (error) {
    await end(serving, limits.graceMs);
    const failure = error instanceof Ended ? await failureOf(error, request, logFile) : error;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    throw failure;
  }
}

/** A process that was started, and how it ended. */
class Serving {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Undefined while it runs; else empty, or the system's code if it never began. */
  endCode: string | undefined;

  constructor(child: ChildProcess) {
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (code: string): void => {
        this.endCode ??= code;
        resolve();
      };
      child.once('exit', () => end(''));
      child.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.name));
    });
  }
}

/** Not in the folder of the workspace, of which it must know nothing. */
async function launch(
  { program, address, env: given = process.env, untrustedFolders = [] }: StartRequest,
  logFile: string,
): Promise<Serving> {
  const env = await environmentOutside(untrustedFolders, given);
  const log = await open(logFile, 'wx', 0o600);
  try {
    const child = spawn(program, ['serve'], {
      cwd: homedir(),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { ...env, ...hostFor(address, env['OLLAMA_HOST']) },
    });
    return new Serving(child);
  } finally {
    await log.close();
  }
}

/** OLLAMA_HOST stays as it is where it leads to the address: it may let others in too. */
function hostFor(address: string, ollamaHost = ''): { OLLAMA_HOST?: string } {
  const { hostname, port, origin } = new URL(address);
  try {
    if (ollamaHost && parseBaseUrl(ollamaHost).origin === origin) return {};
  } catch {
    // It is no address: Ollama could not use it either.
  }
  return { OLLAMA_HOST: `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port || '80'}` };
}

/** That the process has ended, or never began. */
class Ended extends Error {
  /** The system's code when it never began. */
  readonly code: string;

  constructor(code = '') {
    super('ended');
    this.code = code;
  }
}

/**
 * @returns the process that answers, if it is the one that was started
 * @throws Ended; OllamaError when the time is over; the signal's reason
 */
async function follow(
  serving: Serving,
  { address, signal, onProgress }: StartRequest,
  { totalMs, pollMs }: StartLimits,
): Promise<number | undefined> {
  const client = new OllamaClient({ ...defaultSettings, baseUrl: address });
  const started = performance.now();
  try {
    for (;;) {
      const answers = await client.version(signal).catch(() => '');
      signal.throwIfAborted();
      // Another server may have taken the port meanwhile, which is as good.
      if (answers) return serving.endCode === undefined ? serving.child.pid : undefined;
      if (serving.endCode !== undefined) throw new Ended(serving.endCode);
      const waited = performance.now() - started;
      if (waited > totalMs) throw tooSlow(address, totalMs);
      onProgress?.(Math.round(waited));
      await Promise.race([delay(pollMs, undefined, { signal }).catch(() => undefined), serving.ended]);
      signal.throwIfAborted();
    }
  } finally {
    await client.close();
  }
}

/** Ends the process and what it has started: politely at first. */
async function end({ child, ended, endCode }: Serving, graceMs: number): Promise<void> {
  if (child.pid === undefined || endCode !== undefined) return;
  kill(child.pid, 'SIGTERM');
  const hurry = new AbortController();
  const late = delay(graceMs, true, { signal: hurry.signal }).catch(() => false);
  if (await Promise.race([late, ended.then(() => false)])) kill(child.pid, 'SIGKILL');
  hurry.abort();
  await ended;
}

/** It leads a process group, for it is detached. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    else process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

function tooSlow(address: string, totalMs: number): OllamaError {
  const message = localizable(
    'Ollama did not answer at {0} within {1} s, and was ended: run "ollama serve" in a terminal to see what it does.',
    address,
    totalMs / 1000,
  );
  return new OllamaError(message, { kind: 'server' });
}

async function failureOf({ code }: Ended, request: StartRequest, logFile: string): Promise<OllamaError> {
  const { program, identity } = request;
  if (code)
    return new OllamaError(
      localizable(
        'The program {0} cannot be started ({1}): check that it may be run, or install Ollama anew.',
        redact(program, identity),
        code,
      ),
      { kind: 'server' },
    );
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new OllamaError(endedSentence(lastLine(log, identity)), { kind: 'server' });
}

/** What Go and Node say of a port that is taken, on Windows in other words. */
const portTaken = /address already in use|EADDRINUSE|only one usage of each socket address/i;

function endedSentence(lastWords: string): LocalizableMessage {
  if (portTaken.test(lastWords))
    return localizable(
      'Ollama did not start, because another program uses its port ({0}): end that program, or set another port.',
      lastWords,
    );
  return lastWords
    ? localizable(
        'Ollama ended before it answered ({0}): run "ollama serve" in a terminal to see more.',
        lastWords,
      )
    : localizable(
        'Ollama ended before it answered, without a word: run "ollama serve" in a terminal to see more.',
      );
}

/** More of a line than this many characters says nothing more. */
const mostCharacters = 200;

function lastLine(log: string, identity: Identity): string {
  const lines = log.split('\n').map((line) => line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim());
  const line = redact(lines.findLast(Boolean) ?? '', identity);
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters).toWellFormed()}…` : line;
}
