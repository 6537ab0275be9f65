/**
 * The cost of suggestions while typing, with a double that reads prompts as slowly as a laptop's CPU and as
 * fast as a small GPU: how long a key waits, what is read again, and the processor time in the extension
 * host. Waits include the pause after a key. All figures of a speed come from one run, so that their ratios
 * are meaningful.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { linesAround, boundedAround } from '../../src/completion/place.ts';
import { pauseMs } from '../../src/completion/engine/index.ts';
import type { Answered } from '../../src/completion/request.ts';
import { suggestionRequests } from './suggestionTap.ts';
import { isSuggestion, makeWorld, suggesterFor, TypedDocument, textOf } from '../support/suggestions.ts';
import { clientFor } from '../support/faults.ts';
import { Child } from './processes.ts';
import { summary } from './statistics.ts';
import type { Result } from './table.ts';

/** Tokens per second. */
const speeds = [
  { reading: 150, writing: 20, rounds: 2, lines: 60 },
  { reading: 2000, writing: 120, rounds: 4, lines: 250 },
];
const keys = 10;
/** Milliseconds between two keys of a user who types steadily. */
const steadyMs = 200;
const steadyKeys = 30;
const longFile = 20_000;
/** For the row about processor time. */
const typedLines = 24;
const abortRounds = 40;
const typingMs = 60;
const thinkingMs = 400;

const line = (index: number): string => `export const value${index} = compute(first, second) + ${index};`;
const fileOf = (lines: number, from: number): string =>
  Array.from({ length: lines }, (_, index) => line(from + index)).join('\n');
const after = `\n\n${fileOf(8, 9_000)}\n`;

export async function measureSuggestions(): Promise<Result[]> {
  const results: Result[] = [];
  for (const speed of speeds) results.push(...(await measureSpeed(speed)));
  return [...results, await measureAborts(), ...(await measureProcessor())];
}

interface Waits {
  cold: number[];
  warm: number[];
  /** The same without the pause. */
  coldRequest: number[];
  warmRequest: number[];
  typed: number[];
  along: number[];
  readSeconds: number[];
  alongRequests: number;
}

async function measureSpeed({ reading, writing, rounds, lines }: (typeof speeds)[number]): Promise<Result[]> {
  await using world = await worldFor(reading, writing);
  const waits: Waits = {
    cold: [],
    warm: [],
    coldRequest: [],
    warmRequest: [],
    typed: [],
    along: [],
    readSeconds: [],
    alongRequests: 0,
  };
  for (let round = 0; round < rounds; round++) await measureRound(world, waits, round, lines);
  const requests = await steadyRequests(world);
  const name = (what: string): string => `suggestions, ${reading} tokens/s read, ${what}`;
  const cold = summary(waits.cold).median;
  const ratio = summary(waits.warmRequest).median / summary(waits.coldRequest).median;
  return [
    row(name('cold file'), 'ms', waits.cold),
    row(name('warm file'), 'ms', waits.warm, [
      `${ratio.toFixed(3)} x cold without the pause, target 0.1`,
      ratio < 0.1,
    ]),
    row(name('ten characters typed'), 'ms', waits.typed, [
      `${(summary(waits.typed).median / cold).toFixed(2)} x cold`,
      summary(waits.typed).median < cold / 4,
    ]),
    row(name('typing along'), 'ms', waits.along, [
      `${waits.alongRequests} requests`,
      waits.alongRequests === 0,
    ]),
    row(name('read a key'), 's', waits.readSeconds, [
      `90th percentile ${percentile(waits.readSeconds, 90).toFixed(3)} s, target 0.15`,
      percentile(waits.readSeconds, 90) <= 0.15,
    ]),
    row(name(`steady typing, a key every ${steadyMs} ms`), 'requests/min', [requests]),
  ];
}

async function worldFor(reading: number, writing: number) {
  const server = new Child<{ url: string }>('suggestionServer.ts', [String(reading), String(writing)]);
  const client = clientFor(await server.wait(({ url }) => url));
  const tap = suggestionRequests(client);
  const answers: Answered[] = [];
  const suggester = suggesterFor(client, {
    use: (work) => work(tap),
    answered: (answer) => answers.push(answer),
    pauseMs,
  });
  return {
    suggester,
    answers,
    tap,
    async [Symbol.asyncDispose]() {
      suggester.leave();
      await client.close();
      await server.end();
    },
  };
}
type BenchWorld = Awaited<ReturnType<typeof worldFor>>;

async function measureRound(
  { suggester, tap, answers }: BenchWorld,
  waits: Waits,
  round: number,
  lines: number,
): Promise<void> {
  const documentFor = (name: string, from: number): TypedDocument =>
    new TypedDocument(suggester, `${fileOf(lines, from)}\nexport const sum = `, after, name);
  const cold = documentFor(`cold${round}`, round * 20_000);
  waits.cold.push(await timed(() => cold.suggest()));
  waits.coldRequest.push(answers.at(-1)!.waitMs);
  const warm = documentFor(`warm${round}`, round * 20_000 + 10_000);
  await suggester.warm(warm.place);
  waits.warm.push(await timed(() => warm.suggest()));
  waits.warmRequest.push(answers.at(-1)!.waitMs);
  for (let key = 0; key < keys; key++) {
    warm.type(String(key));
    waits.typed.push(await timed(() => warm.suggest()));
    waits.readSeconds.push(tap.lastReadSeconds);
  }
  const before = tap.count;
  const shown = textOf(await warm.suggest());
  for (const key of shown.slice(0, 12)) {
    warm.type(key);
    waits.along.push(await timed(() => warm.suggest()));
  }
  waits.alongRequests += tap.count - before;
}

/** Requests per minute of a user whose every key differs from the suggestion. */
async function steadyRequests({ suggester, tap }: BenchWorld): Promise<number> {
  const document = new TypedDocument(
    suggester,
    `${fileOf(20, 50_000)}\nexport const total = `,
    after,
    'steady',
  );
  await document.suggest();
  const before = tap.count;
  let abort = new AbortController();
  for (let key = 0; key < steadyKeys; key++) {
    abort.abort();
    abort = new AbortController();
    document.type(String(key % 10));
    void document.suggest({}, abort.signal);
    await delay(steadyMs);
  }
  abort.abort();
  return ((tap.count - before) * 60_000) / (steadyKeys * steadyMs);
}

/** From a key that differs from the suggestion to the moment when the server sees the connection close. */
async function measureAborts(): Promise<Result> {
  const delays: number[] = [];
  await using world = await makeWorld({ answer: () => 'compute(first, second);' });
  for (let round = 0; round < abortRounds; round++) {
    const document = new TypedDocument(
      world.suggester,
      `${fileOf(20, round * 100)}\n`,
      after,
      `abort${round}`,
    );
    const gate = world.double.hold({ afterTokens: 2 }, isSuggestion);
    void document.suggest();
    const request = await gate.reached;
    const typed = performance.now();
    document.type('7');
    await request.closed;
    delays.push(request.closedAt! - typed);
    gate.release();
  }
  const worst = summary(delays).most;
  return row('suggestions, a key that differs, until the server sees the abort', 'ms', delays, [
    `${worst.toFixed(1)} ms at worst, target 20`,
    worst < 20,
  ]);
}

/**
 * The cost per key in a long file for a user who types lines, pauses at a suggestion, and types its text:
 * from each key to the next one, with everything that is requested and shown meanwhile.
 */
async function measureProcessor(): Promise<Result[]> {
  await using world = await worldFor(100_000, 10_000);
  const lines = Array.from({ length: longFile }, (_, index) => line(index));
  const spent: number[] = [];
  const requests = world.tap.count;
  for (let written = 0; written < typedLines; written++) {
    const at = longFile / 2 + written;
    lines.splice(at, 0, '');
    for (const key of line(written)) {
      const started = process.cpuUsage();
      lines[at] += key;
      void keyIn(world, lines, at);
      await delay(key === '=' ? thinkingMs : typingMs);
      const { user, system } = process.cpuUsage(started);
      if (written > 1) spent.push((user + system) / 1000);
    }
  }
  const [median, worst] = [summary(spent).median, percentile(spent, 99)];
  const text = `median ${median.toFixed(2)} ms (target 2), 99th percentile ${worst.toFixed(2)} ms (target 8), ${world.tap.count - requests} requests`;
  return [
    row(`suggestions, a key in a file of ${longFile} lines`, 'ms CPU', spent, [
      text,
      median < 2 && worst < 8,
    ]),
  ];
}

let wish = new AbortController();

/**
 * The work of the extension for a key: the text around the cursor is read, and the previous request is
 * cancelled.
 */
async function keyIn({ suggester }: BenchWorld, lines: readonly string[], at: number): Promise<void> {
  wish.abort();
  wish = new AbortController();
  const { first, last } = linesAround(at, lines.length);
  const before = lines.slice(first, at + 1).join('\n');
  const place = boundedAround(before, `\n${lines.slice(at + 1, last).join('\n')}`);
  const document = new TypedDocument(suggester, place.prefix, place.suffix, 'long');
  await document.suggest({}, wish.signal);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function percentile(figures: readonly number[], percent: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

function row(name: string, unit: string, figures: number[], target?: [text: string, met: boolean]): Result {
  const note = figures.length > 1 ? `90th percentile ${percentile(figures, 90).toFixed(2)}` : '';
  return {
    name,
    unit,
    figures: { codeworm: summary(figures) },
    targets: target ? [{ text: target[0], met: target[1] }] : [],
    ...(note ? { note } : {}),
  };
}
