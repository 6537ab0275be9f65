// Documenting a workspace: the cost of the engine per page, and how well it uses the slots of a server.
import { NodePageFiles } from '../../src/documentation/nodePageFiles.ts';
import { PageStore } from '../../src/documentation/workspace/pageStore.ts';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { usedBytes } from './garbage.ts';
import { Child } from './processes.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';
import type { FromPagesServer, ToPagesServer } from './pagesServer.ts';
import { runOf, sourcesOf, workspace } from './pagesWorkspace.ts';

const pages = 5000;
const slots = 64;
export const documentationRows = [
  `documenting ${pages.toLocaleString('en')} pages, overhead a page`,
  `documenting ${pages.toLocaleString('en')} pages, idle share of ${slots} slots`,
  `documenting ${pages.toLocaleString('en')} pages, memory`,
] as const;

/** Writes all pages over real connections into a real folder; the server runs in another process. */
export async function measureDocumentation(): Promise<Result[]> {
  const server = new Child<FromPagesServer, ToPagesServer>('pagesServer.ts', [String(slots)]);
  const folder = temporaryFolder('documentation');
  try {
    const url = await server.wait((message) => (message.type === 'listening' ? message.url : undefined));
    const client = new OllamaClient(
      { ...defaultSettings, baseUrl: url, model: 'tiny:latest' },
      { connections: slots + 8 },
    );
    const { items, sources } = workspace(pages);
    const made = await sourcesOf(items, sources);
    const store = await PageStore.open(new NodePageFiles(folder), 'docs');
    const memory = usedBytes();
    const [begun, used] = [performance.now(), process.cpuUsage()];
    const report = await runOf(items, { client, store, made, bound: slots }).ended;
    const { user, system } = process.cpuUsage(used);
    const wallMs = performance.now() - begun;
    const busy = server.wait((message) => (message.type === 'busy' ? message.ms : undefined));
    server.send({ type: 'tell' });
    const idle = 100 * (1 - (await busy) / (wallMs * slots));
    const grown = (usedBytes() - memory) / 2 ** 20;
    await client.close();
    const [cost, share, space] = documentationRows;
    const note = `${report.counts.written} pages in ${(wallMs / 1000).toFixed(0)} s`;
    const row = (name: string, unit: string, value: number, most: number, targetUnit: string): Result => {
      const figures = { codeworm: summary([value]) };
      return { name, unit, figures, targets: [judge({ most, unit: targetUnit }, figures)], note };
    };
    return [
      row(cost, 'ms CPU/page', (user + system) / 1000 / pages, 10, 'ms'),
      row(share, '%', idle, 10, '%'),
      row(space, 'MiB more heap', grown, 60, 'MiB'),
    ];
  } finally {
    await server.end();
    removeFolder(folder);
  }
}
