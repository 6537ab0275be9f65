// A workspace of functions that exists only in memory, for documenting it.
import { clientModel } from '../../src/documentation/workspace/clientModel.ts';
import type { PageStore } from '../../src/documentation/workspace/pageStore.ts';
import { checkPage } from '../../src/documentation/workspace/quality.ts';
import { startRun } from '../../src/documentation/workspace/run.ts';
import type { RunHandle } from '../../src/documentation/workspace/runTypes.ts';
import { Priorities } from '../../src/generation/priorities.ts';
import type { ModelClient } from '../../src/ollama/index.ts';
import { PageSources } from '../../src/documentation/workspace/pageSources.ts';
import type { PageSubject } from '../../src/documentation/workspace/pageMark.ts';

const code = (name: string): string =>
  `export function ${name}(all: number[]): number {\n  let sum = 0;\n  for (const one of all) sum += one;\n  return sum;\n}\n`;

/** Functions of files that exist only in memory. */
export function workspace(pages: number): { items: PageSubject[]; sources: Map<string, string> } {
  const sources = new Map<string, string>();
  const items = Array.from({ length: pages }, (_, number) => {
    const path = `src/part${number % 50}/file${Math.floor(number / 5)}.ts`;
    const name = `sum${number}`;
    const before = sources.get(path) ?? '';
    const start = before.split('\n').length - 1;
    sources.set(path, `${before}${code(name)}\n`);
    return {
      path,
      symbol: name,
      kind: 'function',
      lines: { start, end: start + 4 },
      languageId: 'typescript',
    };
  });
  return { items, sources };
}

/** Prepares the pages' sources. */
export function sourcesOf(
  items: readonly PageSubject[],
  sources: ReadonlyMap<string, string>,
): Promise<PageSources> {
  const encoder = new TextEncoder();
  return PageSources.prepare(items, {
    files: {
      async *list() {
        for (const path of sources.keys()) yield { path, size: 1 };
      },
      read: async (path) => encoder.encode(sources.get(path)),
    },
    decode: (bytes) => new TextDecoder().decode(bytes),
    say: ({ template }) => template,
    language: () => undefined,
  });
}

/** Writes pages with a client, at most so many at once. */
export function runOf(
  items: readonly PageSubject[],
  { client, store, made, bound }: { client: ModelClient; store: PageStore; made: PageSources; bound: number },
): RunHandle {
  return startRun(items, {
    store,
    model: clientModel((work) => work(client)),
    priorities: new Priorities(),
    say: ({ template }) => template,
    program: () => 'CodeWorm',
    check: checkPage,
    describe: String,
    mostParallel: () => bound,
    materialOf: (item, signal) => made.materialOf(item, signal),
  });
}
