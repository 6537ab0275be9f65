// The desktop's VS Code with a separate profile, so that the user's settings and extensions are not changed.
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AnswerSource } from './answerSource.ts';
import { copySample, sample } from '../sampleWindow.ts';
import { spawnTree, temporaryFolder } from '../vscode/cleanup.ts';
import { root } from '../vscode/npm.ts';
import { QUIET } from '../vscode/server.ts';

export function hasDisplay(): boolean {
  if (process.env['CI'] || process.env['SSH_CONNECTION']) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** The path of `code`. Not the one in a remote window, which cannot open an extension under development. */
export function findDesktop(): string | undefined {
  if (!hasDisplay()) return undefined;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file) && !/remote-cli|vscode-server|code-server/.test(file));
}

/** Returns when the window is closed. The demo server, if used, runs as long. */
export async function openOnDesktop(code: string, { settings }: AnswerSource): Promise<void> {
  const folder = copySample();
  const profile = temporaryFolder('profile');
  mkdirSync(join(profile, 'User'));
  writeFileSync(join(profile, 'User', 'settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2));
  console.log('Opening VS Code with CodeWorm. Select some code, right-click, CodeWorm. Ctrl-C here ends it.');
  const args = [
    ...['--new-window', '--wait', `--extensionDevelopmentPath=${root}`],
    ...['--user-data-dir', profile, '--disable-extensions', '--disable-workspace-trust'],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...[folder, '--goto', join(folder, sample.file)],
  ];
  const child = spawnTree(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  const [exitCode] = await once(child, 'close');
  if (exitCode !== 0) throw new Error(`${code} ended with ${exitCode}`);
  process.exit(0);
}
