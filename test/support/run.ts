// npm test: all stages in turn, with one line of totals at the end.
//   npm test [-- [check|build|unit|host|ui]... [--grep=<regular expression>]]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { pathToFileURL } from 'node:url';
import { spec } from 'node:test/reporters';
import { buildExtension } from '../../esbuild.mjs';
import { failures, none, sum, summary, type Counts } from './counts.ts';
import { hostStage } from './hostStage.ts';
import { arm } from './vscode/cleanup.ts';
import { npmCommand, root } from './vscode/npm.ts';

type Stage = (grep: string | undefined, print: Print) => Promise<Counts>;
type Print = (text: string) => void;

const stages: Record<string, Stage> = {
  check,
  build,
  unit: (grep, print) =>
    nodeTests('test/unit/**/*.test.ts', { concurrency: true, timeout: 120_000 }, grep, print),
  host: hostStage,
  ui: (grep, print) =>
    nodeTests('test/ui/**/*.test.ts', { concurrency: windows, timeout: 300_000 }, grep, print),
};

/**
 * Stages that do not disturb each other run in parallel. A group waits for the one before it: windows beside the
 * other tests need more processor time than two cores have.
 */
const groups = [['check', 'build'], ['unit', 'host'], ['ui']];
/** Test files with windows that run in parallel: they mostly wait. */
const windows = 2;

/** Types, lint, format, dead code. */
async function check(): Promise<Counts> {
  const [command, args] = npmCommand(['run', '--silent', 'check']);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  const [code] = await once(child, 'close');
  return code === 0 ? { ...none, passed: 1 } : failures('npm run check failed');
}

async function build(_grep: string | undefined, print: Print): Promise<Counts> {
  for (const [file, size] of Object.entries(await buildExtension()))
    print(`${file} ${(size / 1024).toFixed(1)} KB\n`);
  return none;
}

/** Where each Node process finds what another has compiled; VS Code's processes, too. */
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'compiled');

const propertySeed = pathToFileURL(join(root, 'test/support/propertySeed.ts')).href;

/** Each file in its own process; `timeout` (ms) ends a file that hangs. */
async function nodeTests(
  pattern: string,
  options: { concurrency: number | boolean; timeout: number },
  grep: string | undefined,
  print: Print,
): Promise<Counts> {
  const tests = run({
    ...options,
    files: globSync(pattern, { cwd: root })
      .toSorted()
      .map((file) => join(root, file)),
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', `--import=${propertySeed}`],
    ...(grep ? { testNamePatterns: new RegExp(grep, 'i') } : {}),
  });
  const counts = { ...none };
  tests.on('test:summary', ({ file, counts: all }) => {
    if (file !== undefined) return;
    counts.passed = all.passed;
    counts.failed = all.tests - all.passed - all.skipped - all.todo;
    counts.skipped = all.skipped + all.todo;
  });
  for await (const text of tests.compose(new spec())) print(String(text));
  return counts;
}

/** Runs a stage. Its output is printed at once, or at its end if another stage prints meanwhile. */
async function timed(name: string, grep: string | undefined, alone: boolean): Promise<Counts> {
  let kept = `\n── ${name}\n`;
  const write: Print = (text) => void process.stdout.write(text);
  const print: Print = alone ? write : (text) => void (kept += text);
  if (alone) write(kept);
  const started = performance.now();
  const counts = await stages[name]!(grep, print).catch((error: unknown) => failures(reasonOf(error)));
  if (!alone) write(kept);
  console.log(`── ${name}: ${summary(counts)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return counts;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(args: string[]): Promise<void> {
  const grep = args.find((arg) => arg.startsWith('--grep='))?.slice('--grep='.length);
  const wanted = args.filter((arg) => !arg.startsWith('--'));
  const unknown = wanted.filter((name) => !(name in stages));
  if (unknown.length > 0)
    throw new Error(`no such stage: ${unknown.join(', ')} (${Object.keys(stages).join(', ')})`);
  // Tests in VS Code need the built extension.
  const needsBuild = wanted.includes('host') || wanted.includes('ui');
  const isWanted = (name: string): boolean =>
    wanted.length === 0 || wanted.includes(name) || (name === 'build' && needsBuild);
  const results: Counts[] = [];
  for (const group of groups) {
    const names = group.filter(isWanted);
    results.push(...(await Promise.all(names.map((name) => timed(name, grep, names.length === 1)))));
  }
  const total = sum(results);
  console.log(`\n${summary(total)}`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

arm();
await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
