/**
 * The cost of the extension in the extension host of a real VS Code, from the command to the output channel,
 * with a server in another process.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildModule } from '../../esbuild.mjs';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { runHostTests } from '../support/vscode/hostTests.ts';
import { root } from '../support/vscode/npm.ts';
import { marker, task, tokensPerSecond, type HostFigures, type HostRound } from './hostTask.ts';
import { Child } from './processes.ts';
import { summary } from './statistics.ts';
import type { Result } from './table.ts';

/**
 * Rows of the benchmark's table: the delay of tokens up to the output channel, and how long a fast answer
 * blocks.
 */
export async function measureHost(): Promise<Result[]> {
  const rounds = await hostRounds();
  const steady = `extension host, ${tokensPerSecond} tokens/s, write to append`;
  const idle = summary(rounds.map(({ longestIdleBlock }) => longestIdleBlock)).median;
  const speed = task.fastTokens / summary(rounds.map(({ codeworm }) => codeworm.fastMs / 1000)).median;
  return [
    row(
      rounds,
      `${steady}, median`,
      'median',
      'appends wait for their frame of 16 ms, those of raw for nothing',
    ),
    row(rounds, `${steady}, 99th percentile`, 'percentile99'),
    row(
      rounds,
      'extension host at full speed, longest block',
      'longestBlock',
      `with nothing to do ${idle.toFixed(1)}; ${Math.round(speed)} tokens/s`,
    ),
  ];
}

function row(rounds: HostRound[], name: string, figure: keyof HostFigures, note?: string): Result {
  const figures = {
    codeworm: summary(rounds.map(({ codeworm }) => codeworm[figure])),
    raw: summary(rounds.map(({ raw }) => raw[figure])),
  };
  return { name, unit: 'ms', figures, targets: [], ...(note ? { note } : {}) };
}

async function hostRounds(): Promise<HostRound[]> {
  const server = new Child<{ type: 'listening'; url: string }>('stampServer.ts');
  const folders = [temporaryFolder('bench'), temporaryFolder('workspace')] as const;
  try {
    const baseUrl = await server.wait(({ url }) => url);
    return await roundsWith(baseUrl, ...folders);
  } finally {
    await server.end();
    for (const folder of folders) removeFolder(folder);
  }
}

async function roundsWith(baseUrl: string, extensionPath: string, workspace: string): Promise<HostRound[]> {
  const testsPath = await buildExtension(extensionPath);
  // No polling, because the stream is measured.
  const settings = { 'codeworm.baseUrl': baseUrl, 'codeworm.prewarm': false, 'codeworm.pollInterval': 3600 };
  const { exitCode, log } = await runHostTests({ extensionPath, testsPath, workspace, settings });
  const figures = log.find((line) => line.startsWith(marker));
  if (exitCode !== 0 || !figures) throw new Error(`the extension host measured nothing:\n${log.join('\n')}`);
  return JSON.parse(figures.slice(marker.length)) as HostRound[];
}

/** The extension with the same manifest and another main module, which includes the measuring code. */
async function buildExtension(folder: string): Promise<string> {
  const main = join(folder, 'index.js');
  await buildModule('test/bench/hostExtension.ts', main);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as object;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, main: './index.js' }));
  copyFileSync(join(root, 'package.nls.json'), join(folder, 'package.nls.json'));
  return main;
}
