import { spawn } from 'node:child_process';
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';

/** The Git program for one repository. */
export interface GitProgram {
  /** Full path. */
  path: string;
  /** Full path of the working tree. */
  root: string;
}

export interface GitOutput {
  code: number;
  stdout: Buffer;
  /** Whether there was more output than was read. */
  isCut: boolean;
}

/** Why Git gave no usable output. `detail` is the first line of its error message. */
export class GitError extends Error {
  readonly kind: 'failed' | 'missing' | 'slow' | 'unreadable';
  readonly detail: string;

  constructor(kind: GitError['kind'], detail = '', cause?: unknown) {
    super(`git ${kind}`, { cause });
    this.kind = kind;
    this.detail = detail;
  }
}

/** Most bytes read of one output. More would not be sent to a model anyway. */
const mostBytes = 16 * 2 ** 20;
/** Milliseconds for one command. */
const timeoutMs = 60_000;

/**
 * Environment variables that Git needs to run and to find the user's configuration. Others could change its
 * output.
 */
const allowedVariables = [
  'PATH Path PATHEXT HOME USERPROFILE HOMEDRIVE HOMEPATH XDG_CONFIG_HOME APPDATA LOCALAPPDATA PROGRAMDATA',
  'ProgramData ProgramFiles SystemRoot SYSTEMROOT windir COMSPEC ComSpec TEMP TMP TMPDIR',
  'GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM',
].flatMap((names) => names.split(' '));

/** Restricts Git to reading: no locks, no prompts, no network. Its messages are in English. */
const fixedVariables = {
  LC_ALL: 'C',
  LANGUAGE: '',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_PAGER: 'cat',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
};

/** Overrides every configuration file. No setting may name a program that would run here. */
const fixedConfig = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  'core.quotePath=false',
  'core.pager=cat',
  'color.ui=false',
  'diff.suppressBlankEmpty=false',
  'diff.wsErrorHighlight=none',
  'log.showSignature=false',
  'protocol.allow=never',
].flatMap((entry) => ['-c', entry]);

/** Git settings by name that override the configuration files. */
export type GitConfig = Readonly<Record<string, string>>;

export interface GitRequest {
  args: readonly string[];
  /** False for a command that refuses the option for it, because it never reads paths as patterns. */
  literalPaths?: boolean;
  config?: GitConfig;
  input?: string | Uint8Array;
  mostBytes?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Runs Git. A non-zero exit code is not an error.
 * @throws GitError when it cannot run or takes too long
 */
export async function runGit({ path, root }: GitProgram, request: GitRequest): Promise<GitOutput> {
  const { args, literalPaths = true, config = {}, input = '', mostBytes: most = mostBytes, signal } = request;
  signal?.throwIfAborted();
  const own = Object.entries(config).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // An "=" in the name would be read as the start of the value.
  if (Object.keys(config).some((name) => name.includes('='))) throw new GitError('unreadable', 'filter');
  const literal = literalPaths ? ['--literal-pathspecs'] : [];
  const all = ['--no-pager', ...literal, '--no-optional-locks', ...fixedConfig, ...own, ...args];
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(path, all, {
    cwd: root,
    env: environment(),
    shell: false,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  let isCut = false;
  const stdout = collect(child.stdout, most, () => {
    isCut = true;
    child.kill();
  });
  const stderr = collect(child.stderr, 4_096);
  // Git may exit before it has read all of its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? -1));
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new GitError(timeout.aborted ? 'slow' : 'missing', '', error);
  });
  const output = { code: isCut ? 0 : code, stdout: stdout(), isCut };
  if (output.code > 1 || output.code < 0) throw new GitError('failed', firstLine(stderr()));
  return output;
}

/**
 * The output of a command that must succeed.
 * @throws GitError
 */
export async function gitOutput(git: GitProgram, request: GitRequest): Promise<Buffer> {
  const { code, stdout } = await runGit(git, request);
  if (code !== 0) throw new GitError('failed', request.args[0]);
  return stdout;
}

function environment(): NodeJS.ProcessEnv {
  const allowed = allowedVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(allowed), ...fixedVariables };
}

function collect(stream: NodeJS.ReadableStream, limit: number, onFull?: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = limit - size;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    size += chunk.length;
    if (chunk.length > room) onFull?.();
  });
  return () => Buffer.concat(chunks);
}

function firstLine(stderr: Buffer): string {
  const lines = stderr.toString('utf8').split('\n');
  const line = lines.find((one) => /^(?:fatal|error): /.test(one)) ?? lines[0] ?? '';
  return line.replace(/^(?:fatal|error): /, '').slice(0, 200);
}

/**
 * The full path of a program, searched in the directories of PATH. Never one inside the repository, which
 * could contain a malicious program.
 */
export function findProgram(name: string, root: string): string | undefined {
  if (isAbsolute(name)) return name;
  const suffixes = process.platform === 'win32' ? ['.exe'] : [''];
  const folders = (process.env['PATH'] ?? process.env['Path'] ?? '').split(delimiter);
  const trusted = folders.filter((folder) => isAbsolute(folder) && !isInside(folder, root));
  return trusted
    .flatMap((folder) => suffixes.map((suffix) => join(folder, `${name}${suffix}`)))
    .find((path) => isProgram(path) && !isInside(path, root));
}

function isInside(path: string, root: string): boolean {
  try {
    const way = relative(realpathSync(root), realpathSync(path));
    return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  } catch {
    return false;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
