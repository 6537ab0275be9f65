// A real nginx as a gateway for the tests, in its own folder, as one process without privileges.
import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './freePort.ts';
import { removeFolder, spawnTree, stopTree, temporaryFolder } from './vscode/cleanup.ts';

/** Folders for programs of services; often not on the PATH. */
const SERVICE_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
const INSTALL_TIMEOUT_MS = 180_000;

function installed(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVICE_FOLDERS];
  return folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file));
}

function aptGet(...args: string[]): boolean {
  // At runlevel 1, Debian's packages do not start their service.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  return spawnSync('apt-get', args, { stdio: 'ignore', env, timeout: INSTALL_TIMEOUT_MS }).status === 0;
}

/** Only as root on Debian, which is what a machine made for tests is. */
function install(): void {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  const wanted = ['install', '-y', '--no-install-recommends', 'nginx-light'];
  if (!aptGet(...wanted) && aptGet('update')) aptGet(...wanted);
}

/** The program, or why there is none. */
export function findNginx(): { command: string } | { missing: string } {
  if (!installed()) install();
  const command = installed();
  return command
    ? { command }
    : { missing: 'nginx is not installed (on Debian: apt-get install nginx-light)' };
}

export interface Nginx extends AsyncDisposable {
  port: number;
  stop(): Promise<void>;
}

/** The complete configuration: paths inside the folder, and no daemon, so that one signal ends it. */
function wholeConfig(http: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 4096; }
http {
  access_log off;
  ${folders.map((name) => `${name}_temp_path temp/${name};`).join('\n  ')}
${http}
}
`;
}

/** Resolves when it listens. Rejects with its output when it ends first. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    createInterface({ input: child.stderr! }).on('line', (line) => {
      output += `${line}\n`;
      // The sockets listen before it chooses how to wait for events.
      if (/using the "\w+" event method/.test(line)) resolve();
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`nginx ended: ${output}`)));
  });
}

async function startOn(command: string, port: number, http: string): Promise<Nginx> {
  const folder = temporaryFolder('nginx');
  mkdirSync(join(folder, 'temp'));
  writeFileSync(join(folder, 'nginx.conf'), wholeConfig(http));
  const args = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'];
  const child = spawnTree(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async (): Promise<void> => {
    await stopTree(child);
    removeFolder(folder);
  };
  try {
    await ready(child);
    return { port, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts it with an `http` block for the port that it will use. If another process takes the port meanwhile,
 * another one is tried.
 */
export async function startNginx(command: string, http: (port: number) => string): Promise<Nginx> {
  for (let left = 3; ; left--) {
    const port = await freePort();
    try {
      return await startOn(command, port, http(port));
    } catch (error) {
      if (left === 0 || !String(error).includes('Address already in use')) throw error;
    }
  }
}
