import { glob, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './processes.ts';
import type {
  AbortPhase,
  ContenderName,
  FromClient,
  FromServer,
  Measure,
  Task,
  ToClient,
} from './protocol.ts';
import type { Row } from './rows.ts';
import { summary } from './statistics.ts';
import { judge, type Result } from './table.ts';

const all: ContenderName[] = ['codeworm', 'raw', 'ollama'];

/** The server's process and what it has observed. */
export interface BenchServer {
  child: Child<FromServer>;
  url: string;
  /** Connections accepted so far. */
  connections: () => number;
}

export async function startBenchServer(): Promise<BenchServer> {
  const child = new Child<FromServer>('server.ts');
  let connections = 0;
  child.onMessage((message) => (connections += Number(message.type === 'connection')));
  const url = await child.wait((message) => (message.type === 'listening' ? message.url : undefined));
  return { child, url, connections: () => connections };
}

/** Runs a row's task for each contender in turn, for `rounds` rounds. */
export async function measureRow(server: BenchServer, row: Row, rounds: number): Promise<Result> {
  const names = row.also ? [...all, row.also] : all;
  const figures = new Map(names.map((name) => [name, [] as number[]]));
  let connections = 0;
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!;
      const before = server.connections();
      figures.get(name)!.push(row.figure(await runTask(server, name, row.task)));
      if (name === 'codeworm') connections = Math.max(connections, server.connections() - before);
    }
  }
  const summaries: Result['figures'] = Object.fromEntries(
    [...figures].map(([name, values]) => [name, summary(values)]),
  );
  const targets = row.targets.map((target) => judge(target, summaries));
  if (row.connections !== undefined)
    targets.push({
      met: connections <= row.connections,
      text: `${connections} connection(s), target ${row.connections}`,
    });
  const result: Result = { name: row.name, unit: row.unit, figures: summaries, targets };
  if (row.also) result.note = `${row.also} alone: ${times(summaries, row.also, 'ollama')} x ollama`;
  return result;
}

function times(figures: Result['figures'], one: ContenderName, other: ContenderName): string {
  return ((figures[one]?.median ?? Number.NaN) / (figures[other]?.median ?? Number.NaN)).toFixed(2);
}

async function runTask(server: BenchServer, name: ContenderName, task: Task): Promise<Measure> {
  const client = await startClient(server, name);
  try {
    const measured = client.wait((message) => answerOf(message));
    client.send({ type: 'task', task });
    return await measured;
  } finally {
    await client.end();
  }
}

function answerOf(message: FromClient): Measure | undefined {
  if (message.type === 'failed') throw new Error(message.reason);
  return message.type === 'measured' ? message.measure : undefined;
}

async function startClient(server: BenchServer, name: ContenderName): Promise<Child<FromClient, ToClient>> {
  const client = new Child<FromClient, ToClient>('client.ts', [name, server.url]);
  await client.wait((message) => (message.type === 'ready' ? true : undefined));
  return client;
}

/** Number of aborts for the median, and of those that only warm up. */
const aborts = { counted: 40, warmUp: 10 };
/** Milliseconds after which an unseen close counts as an abort without effect. */
const never = 1000;

/** Time from an abort to the moment when the server's process sees the connection close. */
export async function measureAbort(server: BenchServer, phase: AbortPhase, name: string): Promise<Result> {
  const result: Result = { name, unit: 'ms until the server sees it', figures: {}, targets: [] };
  const notes: string[] = [];
  for (const contender of all) {
    const times = await abortTimes(server, contender, phase);
    if (times) result.figures[contender] = summary(times);
    else notes.push(`${contender}: the connection stays open`);
  }
  result.targets.push(judge({ most: 5, unit: 'ms' }, result.figures));
  if (notes.length > 0) result.note = notes.join('; ');
  return result;
}

async function abortTimes(
  server: BenchServer,
  contender: ContenderName,
  phase: AbortPhase,
): Promise<number[] | undefined> {
  const client = await startClient(server, contender);
  const times: number[] = [];
  try {
    for (let id = 0; id < aborts.warmUp + aborts.counted; id++) {
      const ms = await abortOnce(server, client, phase, id);
      if (ms === undefined) return undefined;
      if (id >= aborts.warmUp) times.push(ms);
    }
    return times;
  } finally {
    await client.end();
  }
}

async function abortOnce(
  server: BenchServer,
  client: Child<FromClient, ToClient>,
  phase: AbortPhase,
  id: number,
): Promise<number | undefined> {
  const prompt = `hang ${phase} ${id}`;
  const reached = server.child.wait((m) => (m.type === 'reached' && m.prompt === prompt ? true : undefined));
  const closed = server.child.wait((m) => (m.type === 'closed' && m.prompt === prompt ? m.at : undefined));
  const aborted = client.wait((m) => (m.type === 'aborted' ? m.at : undefined));
  client.send({ type: 'task', task: { type: 'abort', phase, id } });
  await reached;
  client.send({ type: 'abortNow' });
  const at = await aborted;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, never, undefined)));
  const seen = await Promise.race([closed, patience]).finally(() => clearTimeout(timer));
  return seen === undefined ? undefined : Number(seen - at) / 1e6;
}

/** Size limits in KiB: of what VS Code loads at activation, and of the package. */
const mostKib: Record<string, number> = { 'dist/extension.js': 130, 'codeworm.vsix': 240 };

/** Sizes of the files that were built. */
export async function measureSizes(): Promise<Result[]> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const results: Result[] = [];
  for await (const file of glob(['dist/*.js', '*.vsix'], { cwd: root })) {
    const kib = (await stat(root + file)).size / 1024;
    const figures = { codeworm: summary([kib]) };
    const most = mostKib[file];
    const targets = most === undefined ? [] : [judge({ most, unit: 'KiB' }, figures)];
    results.push({ name: `size of ${file}`, unit: 'KiB', figures, targets });
  }
  return results;
}
