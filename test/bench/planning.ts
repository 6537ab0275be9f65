// Planning the pages of a large workspace: its duration, and how long it blocks the editor at most.
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NodeFiles } from '../../src/documentation/workspace/nodeFiles.ts';
import { planPages } from '../../src/documentation/workspace/plan.ts';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { root } from '../support/vscode/npm.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';

const files = 20_000;
export const planningRows = [
  `planning ${files.toLocaleString('en')} files`,
  `planning ${files.toLocaleString('en')} files, longest block`,
] as const;

/** Copies of real sources, each with its own file name. */
function makeWorkspace(folder: string): number {
  const texts = globSync('src/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  let bytes = 0;
  for (let number = 0; number < files; number++) {
    const path = join(folder, `package${number % 40}`, `part${number % 400}`, `file${number}.ts`);
    const own = `export function own${number}(a: number): number {\n  if (a > ${number}) return 1;\n  return 2;\n}\n`;
    const text = `${texts[number % texts.length]}\n${own}`;
    bytes += text.length;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return bytes;
}

/**
 * Measures the longest time without other work, as processor time, because a busy machine is not our fault.
 */
function watchBlocks(): { stop(): number } {
  let isWatching = true;
  let longest = 0;
  let [time, used] = [performance.now(), process.cpuUsage()];
  const beat = (): void => {
    const { user, system } = process.cpuUsage(used);
    longest = Math.max(longest, Math.min(performance.now() - time, (user + system) / 1000));
    [time, used] = [performance.now(), process.cpuUsage()];
    if (isWatching) setImmediate(beat);
  };
  setImmediate(beat);
  return {
    stop: () => {
      isWatching = false;
      return longest;
    },
  };
}

export async function measurePlanning(): Promise<Result[]> {
  const folder = temporaryFolder('planning');
  try {
    const bytes = makeWorkspace(folder);
    const blocks = watchBlocks();
    const begun = performance.now();
    const plan = await planPages(new NodeFiles(folder));
    const seconds = (performance.now() - begun) / 1000;
    const longest = blocks.stop();
    const [whole, block] = planningRows;
    const time = { codeworm: summary([seconds]) };
    const blocked = { codeworm: summary([longest]) };
    return [
      {
        name: whole,
        unit: 's',
        figures: time,
        targets: [judge({ most: 30, unit: 's' }, time)],
        note: `${(bytes / 1e6).toFixed(0)} MB, ${plan.items.length} pages, ${plan.notOutlined} files not outlined`,
      },
      { name: block, unit: 'ms CPU', figures: blocked, targets: [judge({ most: 50, unit: 'ms' }, blocked)] },
    ];
  } finally {
    removeFolder(folder);
  }
}
