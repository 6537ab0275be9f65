// Documenting a workspace with ten OpenAI-compatible servers behind one nginx: whether their slots are found and kept
// busy, and whether every page is asked for exactly once after its text has begun.
import { setTimeout as sleep } from 'node:timers/promises';
import { NodePageFiles } from '../../src/documentation/nodePageFiles.ts';
import { PageStore } from '../../src/documentation/workspace/pageStore.ts';
import type { RunHandle } from '../../src/documentation/workspace/runTypes.ts';
import { defaultSettings } from '../../src/ollama/index.ts';
import { OpenAIClient } from '../../src/openai/index.ts';
import { findNginx, startNginx } from '../support/nginx.ts';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { Child } from './processes.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';
import type { FromPagesServer, ToPagesServer } from './pagesServer.ts';
import { runOf, sourcesOf, workspace } from './pagesWorkspace.ts';

const pages = 4500;
const replicas = 10;
const slots = 64;
/** More than the servers take, so that they refuse some. */
const bound = 1024;
/** Pages of 23 seconds, as of 450 tokens on a fast server, in few tokens so that one machine can run all of it. */
const server = [String(slots), 'openai', '0.6', '10', '8'];
export const fleetRows = [
  `${replicas} servers of ${slots} slots behind nginx, idle share once they are found`,
  `${replicas} servers of ${slots} slots behind nginx, pages lost or begun twice`,
] as const;

type Replica = Child<FromPagesServer, ToPagesServer>;

/** A gateway as the README describes it: it passes a refused request on to another server. */
function gatewayConfig(port: number, urls: readonly string[]): string {
  const hosts = urls.map((url) => `server ${new URL(url).host} max_fails=0;`).join('\n    ');
  return `
  upstream servers {
    least_conn;
    ${hosts}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port} backlog=2048;
    location / {
      proxy_pass http://servers; proxy_set_header Host localhost; proxy_buffering off;
      proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_next_upstream error timeout http_429 http_503 non_idempotent;
    }
  }`;
}

interface Fleet {
  busyMs: number;
  begun: number[];
}

async function tellOf(all: readonly Replica[]): Promise<Fleet> {
  const told = await Promise.all(
    all.map((one) => {
      const answer = one.wait((message) => (message.type === 'busy' ? message : undefined));
      one.send({ type: 'tell' });
      return answer;
    }),
  );
  return { busyMs: told.reduce((sum, { ms }) => sum + ms, 0), begun: told.flatMap(({ begun }) => begun) };
}

/** The share of idle slots from the moment when all are found until no page is left to begin. */
async function idleShare(
  run: RunHandle,
  all: readonly Replica[],
): Promise<{ idle: number; foundMs: number }> {
  const begun = performance.now();
  while (run.progress.parallel < replicas * slots) await sleep(100);
  const foundMs = performance.now() - begun;
  const [first, from] = [await tellOf(all), performance.now()];
  while (run.progress.counts.waiting > 0) await sleep(50);
  const [last, to] = [await tellOf(all), performance.now()];
  return { idle: 100 * (1 - (last.busyMs - first.busyMs) / ((to - from) * replicas * slots)), foundMs };
}

/** Writes all pages into a real folder. Each server runs in its own process. */
export async function measureFleet(): Promise<Result[]> {
  const nginx = findNginx();
  if ('missing' in nginx) throw new Error(nginx.missing);
  const all = Array.from({ length: replicas }, (): Replica => new Child('pagesServer.ts', server));
  const folder = temporaryFolder('fleet');
  try {
    const urls = await Promise.all(
      all.map((one) => one.wait((message) => (message.type === 'listening' ? message.url : undefined))),
    );
    await using gateway = await startNginx(nginx.command, (port) => gatewayConfig(port, urls));
    const baseUrl = `http://127.0.0.1:${gateway.port}/v1`;
    const client = new OpenAIClient(
      { ...defaultSettings, baseUrl, model: 'tiny' },
      { connections: bound + 8 },
    );
    const { items, sources } = workspace(pages);
    const made = await sourcesOf(items, sources);
    const store = await PageStore.open(new NodePageFiles(folder), 'docs');
    const run = runOf(items, { client, store, made, bound });
    const { idle, foundMs } = await idleShare(run, all);
    const report = await run.ended;
    const { begun } = await tellOf(all);
    await client.close();
    const wrong = pages - report.counts.written + (begun.length - new Set(begun).size);
    return fleetResults(idle, wrong, `${pages} pages; found after ${(foundMs / 1000).toFixed(0)} s`);
  } finally {
    await Promise.all(all.map((one) => one.end()));
    removeFolder(folder);
  }
}

function fleetResults(idle: number, wrong: number, note: string): Result[] {
  const [share, exact] = fleetRows;
  const row = (name: string, unit: string, value: number, most: number): Result => {
    const figures = { codeworm: summary([value]) };
    return { name, unit, figures, targets: [judge({ most, unit }, figures)], note };
  };
  return [row(share, '%', idle, 15), row(exact, 'pages', wrong, 0)];
}
