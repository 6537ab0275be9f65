import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  clip,
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
  /** Aborting ends the started process. */
  signal: AbortSignal;
  /** Called while waiting, with the milliseconds since the start. */
  onProgress?: (waitedMs: number) => void;
  /** Folders from which nothing is used: those of the workspace. */
  untrustedFolders?: readonly string[];
  /** For redacting the last output of a failing program. */
  identity: Identity;
  /** Environment of the new process. `OLLAMA_HOST` is added if it does not lead to the address already. */
  env?: NodeJS.ProcessEnv;
  limits?: Partial<StartLimits>;
}

/** In milliseconds. */
export interface StartLimits {
  /** Until the server answers. */
  totalMs: number;
  /** Between two probes. A refused connection costs almost nothing. */
  pollMs: number;
  /** Between asking the process to exit and killing it. */
  graceMs: number;
}

/** What was started. */
export interface Started {
  /** Its process id; undefined when another server answers there by now. */
  pid: number | undefined;
  /** The file it writes its log to. */
  logFile: string;
}

const defaultLimits: StartLimits = { totalMs: 30_000, pollMs: 250, graceMs: 3000 };

/**
 * Starts `ollama serve` and waits until it answers. It keeps running when VS Code closes. Its log goes to a
 * file, because a closed pipe would end it at its next line.
 * @throws OllamaError when it cannot be started, exits, or does not answer in time; the signal's reason when
 * it aborts. In all these cases the started process has ended.
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

/** A started process, and how it ended. */
class Serving {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** Undefined while it runs; else empty, or the system's error code if it could not be started. */
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

/** Not in the workspace folder, which must have no effect on it. */
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

/** Keeps OLLAMA_HOST if it leads to the address, because it may also admit other machines. */
function hostFor(address: string, ollamaHost = ''): { OLLAMA_HOST?: string } {
  const { hostname, port, origin } = new URL(address);
  try {
    if (ollamaHost && parseBaseUrl(ollamaHost).origin === origin) return {};
  } catch {
    // It is not an address, so Ollama could not use it either.
  }
  return { OLLAMA_HOST: `${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port || '80'}` };
}

/** The process has exited or could not be started. */
class Ended extends Error {
  /** The system's error code if it could not be started. */
  readonly code: string;

  constructor(code = '') {
    super('ended');
    this.code = code;
  }
}

/**
 * @returns the answering process, if it is the started one
 * @throws Ended; OllamaError after the time limit; the signal's reason
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
      // Another server may have taken the port meanwhile, which is just as good.
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

/** Ends the process and its children: first by asking, then by killing them. */
async function end({ child, ended, endCode }: Serving, graceMs: number): Promise<void> {
  if (child.pid === undefined || endCode !== undefined) return;
  kill(child.pid, 'SIGTERM');
  const hurry = new AbortController();
  const late = delay(graceMs, true, { signal: hurry.signal }).catch(() => false);
  if (await Promise.race([late, ended.then(() => false)])) kill(child.pid, 'SIGKILL');
  hurry.abort();
  await ended;
}

/** It is detached, so it leads a process group. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F']);
    else process.kill(-pid, signal);
  } catch {
    // It has already exited.
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
        'The program {0} cannot be started ({1}): check that it may be run, or reinstall Ollama.',
        redact(program, identity),
        code,
      ),
      { kind: 'server' },
    );
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return new OllamaError(endedSentence(lastLine(log, identity)), { kind: 'server' });
}

/** Error texts of Go and Node for a port in use; Windows has its own. */
const portTaken = /address already in use|EADDRINUSE|only one usage of each socket address/i;

function endedSentence(lastOutput: string): LocalizableMessage {
  if (portTaken.test(lastOutput))
    return localizable(
      'Ollama did not start, because another program uses its port ({0}): end that program, or set another port.',
      lastOutput,
    );
  return lastOutput
    ? localizable(
        'Ollama ended before it answered ({0}): run "ollama serve" in a terminal to see more.',
        lastOutput,
      )
    : localizable(
        'Ollama ended before it answered, without a message: run "ollama serve" in a terminal to see more.',
      );
}

/** Most characters of a line. */
const mostCharacters = 200;

function lastLine(log: string, identity: Identity): string {
  const lines = log.split('\n').map((line) => line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').trim());
  return clip(redact(lines.findLast(Boolean) ?? '', identity), mostCharacters);
}
