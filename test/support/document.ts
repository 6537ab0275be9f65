// npm run document -- <folder> --url http://localhost:11434 --model qwen2.5-coder:7b
//   writes the documentation pages of a folder without VS Code, with the same code and with outlines of our own.
//   Unchanged pages are skipped, so the run can be stopped and started again.
// It is not in the package: it would add a second copy of the client, which few users need.
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { NodePageFiles } from '../../src/documentation/nodePageFiles.ts';
import { clientModel } from '../../src/documentation/workspace/clientModel.ts';
import { NodeFiles } from '../../src/documentation/workspace/nodeFiles.ts';
import { subjectIn } from '../../src/documentation/workspace/pageMark.ts';
import { PageSources } from '../../src/documentation/workspace/pageSources.ts';
import { PageStates } from '../../src/documentation/workspace/pageStates.ts';
import { PageStore } from '../../src/documentation/workspace/pageStore.ts';
import { withIndex } from '../../src/documentation/workspace/pagesReadme.ts';
import { defaultKinds, planPages } from '../../src/documentation/workspace/plan.ts';
import type { PlanItem } from '../../src/documentation/workspace/planItem.ts';
import { checkPage } from '../../src/documentation/workspace/quality.ts';
import { startRun } from '../../src/documentation/workspace/run.ts';
import type { RunEvent, RunHandle, RunReport } from '../../src/documentation/workspace/runTypes.ts';
import { summaryMaterial } from '../../src/documentation/workspace/summaryMaterial.ts';
import { summaryItems } from '../../src/documentation/workspace/summaryItems.ts';
import { textOfBytes } from '../../src/documentation/workspace/textOfBytes.ts';
import { commitsOfFile } from '../../src/editor/gitMessages.ts';
import { commitsBetween, fileHistories, filesInGit } from '../../src/editor/gitHistory.ts';
import { findProgram } from '../../src/editor/gitProgram.ts';
import { Priorities } from '../../src/generation/priorities.ts';
import { recognizeServer } from '../../src/generation/serverType.ts';
import {
  defaultSettings,
  OllamaClient,
  type LocalizableMessage,
  type ModelClient,
} from '../../src/ollama/index.ts';
import { OpenAIClient, speaksOpenAI } from '../../src/openai/index.ts';
import { isPageKind, pageKinds } from '../../src/prompts/pageKinds.ts';
import { isSummaryKind, summaryKinds } from '../../src/prompts/summaries.ts';

/** The exit codes of the program. */
export const exitCodes = { done: 0, someFailed: 1, usage: 2, cannotGoOn: 3, interrupted: 130 } as const;

const usage = `npm run document -- <folder> [options]
  --url <address>      the server, Ollama or any with OpenAI's protocol (http://localhost:11434)
  --model <name>       the model; without it, the one that is loaded
  --pages <folder>     the pages' folder inside the folder (docs/codeworm)
  --kinds <a,b>        kinds of page: ${[...pageKinds, ...summaryKinds].join(', ')}
  --count <n>          the n best pages only
  --update             only pages that are there already and whose source has changed
  --parallel <n>       most pages at once (64); as many as make the server faster
  --patience <minutes> how long a server may be away (30)
OLLAMA_API_KEY is sent as a bearer token.
Exit codes: 0 all is done, 1 some pages failed, 2 wrong usage, 3 it cannot continue (the server, the disk), 130 interrupted.`;

const options = {
  url: { type: 'string', default: 'http://localhost:11434' },
  model: { type: 'string', default: '' },
  pages: { type: 'string', default: 'docs/codeworm' },
  kinds: { type: 'string', default: defaultKinds.join(',') },
  count: { type: 'string', default: '' },
  update: { type: 'boolean', default: false },
  parallel: { type: 'string', default: '64' },
  patience: { type: 'string', default: '30' },
  help: { type: 'boolean', default: false },
} as const;

interface Wanted {
  folder: string;
  url: string;
  model: string;
  pages: string;
  kinds: string[];
  count: number;
  update: boolean;
  parallel: number;
  patienceMs: number;
}

/** @throws Error with a message about invalid arguments */
function wantedBy(args: string[]): Wanted | undefined {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (values.help) return undefined;
  const [given, ...others] = positionals;
  if (given === undefined || others.length > 0) throw new Error('Name one folder.');
  const folder = resolve(given);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`${given} is no folder.`);
  const kinds = values.kinds.split(',').filter(Boolean);
  const wrong = kinds.find((kind) => !isPageKind(kind) && !isSummaryKind(kind));
  if (wrong !== undefined) throw new Error(`There is no page of the kind "${wrong}".`);
  if (kinds.length === 0) throw new Error('--kinds names no kind of page.');
  const parts = values.pages.split(/[\\/]/);
  if (parts.includes('..') || /^(?:[\\/]|[a-z]:)/i.test(values.pages))
    throw new Error('--pages must be a folder inside the documented one.');
  return {
    folder,
    kinds,
    url: values.url,
    model: values.model,
    update: values.update,
    pages: parts.filter((part) => part !== '' && part !== '.').join('/'),
    count: values.count === '' ? Infinity : numberIn('count', values.count),
    parallel: numberIn('parallel', values.parallel),
    patienceMs: numberIn('patience', values.patience) * 60_000,
  };
}

function numberIn(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 100_000) return value;
  throw new Error(`--${name} must be a whole number from 1 on.`);
}

const say = ({ template, args }: LocalizableMessage): string =>
  template.replaceAll(/\{(\d+)\}/g, (all, index: string) => String(args[Number(index)] ?? all));

/** Connections for checks of the server, in addition to those of pages. */
const otherConnections = 8;

/** Which pages to write, and their sources. */
async function prepare(wanted: Wanted, signal: AbortSignal) {
  const { folder, pages, kinds, count, update } = wanted;
  const program = findProgram('git', folder);
  const git = program === undefined ? undefined : { path: program, root: folder };
  const files = new NodeFiles(folder, {
    listed: async (inner) => git && filesInGit(git, inner),
    excludes: (path) => pages !== '' && path.startsWith(`${pages}/`) && path.endsWith('.md'),
  });
  const store = await PageStore.open(new NodePageFiles(folder), pages, signal);
  let stale: readonly string[] = [];
  const commits = async (from: Date, to: Date) => (git ? commitsBetween(git, from, to, signal) : []);
  const sourcesFor = (known: readonly PlanItem[]): Promise<PageSources> =>
    PageSources.prepare(
      known,
      {
        files,
        decode: textOfBytes,
        say,
        language: () => undefined,
        commitsOf: async (path) => (git ? commitsOfFile(git, path, 20).catch(() => []) : []),
        other: (item, inner) =>
          summaryMaterial(
            item,
            {
              commits,
              stale: async () => stale,
              repository: basename(folder),
              language: undefined,
              say,
            },
            inner,
          ),
      },
      signal,
    );
  const plain = await sourcesFor([]);
  const states = await PageStates.read(store, (one, inner) => plain.sourceOf(one, inner), signal);
  const history =
    git && (await fileHistories(git, new Date(Date.now() - 365 * 86_400_000), signal).catch(() => undefined));
  const plan = await planPages(files, {
    kinds,
    history,
    signal,
    stateOf: (item) => states.of(item) ?? 'missing',
  });
  stale = states.staleSources;
  const summaries = await summaryItems(kinds, commits, (item) => states.of(item) ?? 'missing');
  const missing = [...summaries, ...plan.items].filter(({ state }) => state !== 'current');
  const items = (update ? states.toWrite : missing).slice(0, count);
  return { store, sources: await sourcesFor(plan.items), items };
}

/** A client for the protocol of the server. */
async function clientFor({ url, model, parallel }: Wanted): Promise<ModelClient> {
  const key = process.env['OLLAMA_API_KEY'];
  const settings = {
    ...defaultSettings,
    baseUrl: url,
    model,
    keepAlive: '30m',
    numCtx: 16_384,
    numPredict: 4096,
    headers: key ? { Authorization: `Bearer ${key}` } : {},
  };
  const dependencies = { connections: parallel + otherConnections, acceptsAnyName: true };
  const ollama = new OllamaClient(settings, dependencies);
  const signal = new AbortController().signal;
  const type = await recognizeServer(ollama, () => speaksOpenAI(settings, {}, signal));
  if (type !== 'openai') return ollama;
  await ollama.close();
  return new OpenAIClient(settings, dependencies);
}

/** One line per page, also readable in the log of a nightly job. */
function tell(event: RunEvent, { progress }: RunHandle): void {
  if (event.type !== 'item') return;
  const { counts, total, secondsLeft, parallel } = progress;
  if (event.outcome === 'waiting' || event.outcome === 'writing' || event.outcome === 'skipped') return;
  const done = total - counts.waiting - counts.writing;
  const left = secondsLeft === undefined ? '' : `, about ${Math.ceil(secondsLeft / 60)} min`;
  const what = event.reason ?? event.path ?? event.item.path;
  console.log(`[${done}/${total}${left}, ${parallel} at once] ${event.outcome}: ${what}`);
}

/**
 * A server that is offline too long, or another problem that the user must fix, ends the run. It can be
 * started again.
 */
function endWhenStuck(handle: RunHandle, { url, patienceMs }: Wanted): { reason?: string } {
  const stuck: { reason?: string } = {};
  let patience: NodeJS.Timeout | undefined;
  const giveUp = (reason: unknown): void => {
    stuck.reason = reason instanceof Error ? reason.message : String(reason);
    void handle.stop();
  };
  handle.onEvent((event) => {
    if (event.type === 'ended') clearTimeout(patience);
    if (event.type !== 'progress') return;
    const { state } = event.progress;
    if (state.kind === 'running') {
      clearTimeout(patience);
      patience = undefined;
    } else if (state.kind === 'paused') giveUp(state.error ?? 'paused');
    else if (state.kind === 'waitingForServer') {
      if (patience === undefined)
        console.log(
          `The server at ${url} does not answer: waiting for it, at most ${patienceMs / 60_000} min.`,
        );
      patience ??= setTimeout(() => giveUp(state.error), patienceMs);
    }
  });
  return stuck;
}

function summary({ counts, passed, total }: RunReport): string {
  const { written, skipped, proposed, failed, gone, waiting } = counts;
  const share = written === 0 ? '' : ` (${Math.floor((passed * 100) / written)} % passed the check)`;
  return `${total} ${total === 1 ? 'page' : 'pages'}: ${written} written${share}, ${skipped} unchanged, ${proposed} changed by somebody and proposed, \
${failed} failed, ${gone} without a source, ${waiting} left.`;
}

async function writeIndex(store: PageStore, folder: string): Promise<void> {
  const pages = [...store.pages].map(({ path, mark }) => Object.assign(subjectIn(mark), { page: path }));
  const readme = folder === '' ? 'README.md' : `${folder}/README.md`;
  if (pages.length > 0) await store.changeFile(readme, (text) => withIndex(text, pages, folder));
}

async function document(wanted: Wanted): Promise<number> {
  const interrupted = new AbortController();
  const { store, sources, items } = await prepare(wanted, interrupted.signal);
  const client = await clientFor(wanted);
  const unlock = await store.lock();
  const handle = startRun(items, {
    store,
    model: clientModel((work) => work(client)),
    priorities: new Priorities(),
    say,
    program: () => 'CodeWorm',
    check: checkPage,
    describe: (error) => (error instanceof Error ? error.message : String(error)),
    mostParallel: () => wanted.parallel,
    materialOf: (item, signal) => sources.materialOf(item, signal),
  });
  handle.onEvent((event) => tell(event, handle));
  const stuck = endWhenStuck(handle, wanted);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted.abort();
      void handle.stop();
    });
  const report = await handle.ended;
  await client.close();
  console.log(summary(report));
  await writeIndex(store, wanted.pages).catch((error: unknown) => {
    stuck.reason ??= `The index is not written: ${error instanceof Error ? error.message : String(error)}`;
  });
  await unlock();
  if (stuck.reason !== undefined) console.error(stuck.reason);
  if (interrupted.signal.aborted) return exitCodes.interrupted;
  if (stuck.reason !== undefined) return exitCodes.cannotGoOn;
  return report.counts.failed > 0 ? exitCodes.someFailed : exitCodes.done;
}

async function main(args: string[]): Promise<number> {
  let wanted: Wanted | undefined;
  try {
    wanted = wantedBy(args);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return exitCodes.usage;
  }
  if (wanted) return document(wanted);
  console.log(usage);
  return exitCodes.done;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return exitCodes.cannotGoOn;
});
