/**
 * How long VS Code takes to activate the extension, compared with an extension whose `activate` is empty.
 * Both are measured in the same run, in separate windows. The times are those of "Developer: Show Running
 * Extensions" (whole milliseconds: loading the code and calling `activate`).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildExtension } from '../../esbuild.mjs';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { root } from '../support/vscode/npm.ts';
import { startServer, type Server } from '../support/vscode/server.ts';
import { openWindow } from '../support/vscode/window.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';

type Name = 'codeworm' | 'empty';

/** Measures the activation, not a server: nothing listens on the discard port. */
const settings = { 'codeworm.baseUrl': 'http://127.0.0.1:9', 'codeworm.prewarm': false };

/** A row of the bench's table. */
export async function measureActivation(rounds: number): Promise<Result[]> {
  const { codeworm, empty } = await activationTimes(rounds);
  const figures = { codeworm: summary(codeworm), raw: summary(empty) };
  const targets = [judge({ times: 1.8, of: 'raw', unit: 'x raw' }, figures)];
  return [{ name: 'activation', unit: 'ms', figures, targets, note: 'raw: an empty activate' }];
}

/** Milliseconds of each round. A round opens one window per extension; the order alternates. */
async function activationTimes(rounds: number): Promise<Record<Name, number[]>> {
  await buildExtension();
  const folders = { codeworm: root, empty: emptyExtension() };
  const workspace = temporaryFolder('workspace');
  writeFileSync(join(workspace, 'file.txt'), '');
  const server = await startServer({ settings, development: true });
  const times: Record<Name, number[]> = { codeworm: [], empty: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      const names: Name[] = round % 2 === 0 ? ['codeworm', 'empty'] : ['empty', 'codeworm'];
      for (const name of names)
        times[name].push(await activationTime(server, workspace, name, folders[name]));
    }
  } finally {
    await server.stop();
    for (const folder of [folders.empty, workspace]) removeFolder(folder);
  }
  return times;
}

async function activationTime(
  server: Server,
  folder: string,
  name: Name,
  extensionPath: string,
): Promise<number> {
  // The list renders only visible rows, the slowest first; an empty extension is far below.
  const size = { width: 1000, height: 4000 };
  const window = await openWindow(server, { folder, extensionPath, size });
  try {
    await window.ready();
    await window.command('Developer: Show Running Extensions');
    const row = window.page.locator('.runtime-extensions-editor .monaco-list-row');
    const time = row
      .filter({ hasText: `codeworm.${name}` })
      .locator('.activation-time')
      .filter({ hasText: /\d+ms/ });
    await time.waitFor();
    return Number(/(\d+)ms/.exec((await time.textContent()) ?? '')?.[1]);
  } finally {
    await window.close();
  }
}

function emptyExtension(): string {
  const folder = temporaryFolder('empty');
  const manifest = {
    name: 'empty',
    publisher: 'codeworm',
    version: '0.0.1',
    engines: { vscode: '^1.104.0' },
    activationEvents: ['onStartupFinished'],
    main: './extension.js',
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'extension.js'), 'exports.activate = () => {};\n');
  return folder;
}
