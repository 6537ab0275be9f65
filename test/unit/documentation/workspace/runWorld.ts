// Shared by the tests of runs: sources, a model by the double or a simulated one, and the other dependencies
// of a run.
import { Priorities } from '../../../../src/generation/priorities.ts';
import { clientModel } from '../../../../src/documentation/workspace/clientModel.ts';
import { codeMaterial, subjectOf } from '../../../../src/documentation/workspace/codeMaterial.ts';
import type { PageFiles } from '../../../../src/documentation/workspace/pageFiles.ts';
import type { PageModel } from '../../../../src/documentation/workspace/pageModel.ts';
import { PageStore } from '../../../../src/documentation/workspace/pageStore.ts';
import type { PlanItem } from '../../../../src/documentation/workspace/planItem.ts';
import { SourceFile } from '../../../../src/documentation/workspace/sourceRange.ts';
import { startRun } from '../../../../src/documentation/workspace/run.ts';
import type {
  RunDependencies,
  RunEvent,
  RunHandle,
} from '../../../../src/documentation/workspace/runTypes.ts';
import { pageHeadings } from '../../../../src/prompts/pageKinds.ts';
import type { ModelClient } from '../../../../src/ollama/index.ts';
import { MemoryFiles } from './memoryFiles.ts';

/** The answer of a model that keeps to the headings. */
export const goodAnswer = pageHeadings('function')
  .map((heading) => `## ${heading}\n\nIt keeps to the point.\n`)
  .join('\n');

export const say = ({ template, args }: { template: string; args: readonly unknown[] }): string =>
  template.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));

/** Functions of files, as in a plan. */
export function itemsOf(count: number, perFile = 5): PlanItem[] {
  return Array.from({ length: count }, (_, number) => ({
    path: `src/file${Math.floor(number / perFile)}.ts`,
    symbol: `work${number}`,
    lines: { start: (number % perFile) * 4, end: (number % perFile) * 4 + 2 },
    languageId: 'typescript',
    kind: 'function',
    score: 1,
    reasons: [],
    state: 'missing',
  }));
}

/** The files of these items; another version changes their sources. */
export function sourcesOf(items: readonly PlanItem[], version = 1): Map<string, string> {
  const sources = new Map<string, string>();
  for (const { path, symbol } of items)
    sources.set(path, `${sources.get(path) ?? ''}export function ${symbol}() {\n  return ${version};\n}\n\n`);
  return sources;
}

export interface World {
  files: MemoryFiles;
  sources: Map<string, string>;
  items: PlanItem[];
  priorities: Priorities;
  /** Items in the order in which their pages were started, once per start. */
  begun: string[];
  events: RunEvent[];
}

export function world(count: number): World {
  const items = itemsOf(count);
  return {
    files: new MemoryFiles(),
    sources: sourcesOf(items),
    items,
    priorities: new Priorities(),
    begun: [],
    events: [],
  };
}

export const modelOf = (client: ModelClient): PageModel => clientModel((work) => work(client));

/** Starts a run with the current disk, like a restarted program. */
export async function run(
  { files, sources, items, priorities, begun, events }: Omit<World, 'files'> & { files: PageFiles },
  model: PageModel,
  more: Partial<RunDependencies> = {},
): Promise<RunHandle> {
  const store = await PageStore.open(files, 'docs/codeworm');
  const handle = startRun(items, {
    store,
    model,
    priorities,
    say,
    program: () => 'CodeWorm',
    check: () => ({ missingHeadings: [], unknownNames: [], empty: false, repeated: false }),
    describe: (error) => (error instanceof Error ? error.message : String(error)),
    mostParallel: () => 1,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    materialOf: async (item) => {
      const text = sources.get(item.path);
      const subject = text === undefined ? undefined : subjectOf(item, new SourceFile(text));
      begun.push(item.symbol ?? item.path);
      return subject && codeMaterial(item.kind, subject, { say });
    },
    ...more,
  });
  handle.onEvent((event) => events.push(event));
  return handle;
}

/** Resolves with the next event that passes. */
export function nextEvent<T extends RunEvent['type']>(
  handle: RunHandle,
  type: T,
  test: (event: RunEvent & { type: T }) => boolean = () => true,
): Promise<RunEvent & { type: T }> {
  return new Promise((resolve) => {
    const end = handle.onEvent((event) => {
      if (event.type !== type || !test(event as RunEvent & { type: T })) return;
      end();
      resolve(event as RunEvent & { type: T });
    });
  });
}
