// npm test: every stage in turn, one line of totals at the end.
//   npm test [-- [check|build|unit|host|ui]... [--grep=<regular expression>]]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { buildExtension } from '../../esbuild.mjs';
import { failures, none, sum, summary, type Counts } from './counts.ts';
import { hostStage } from './hostStage.ts';
import { arm } from './vscode/cleanup.ts';
import { npmCommand, root } from './vscode/npm.ts';

type Stage = (grep: string | undefined) => Promise<Counts>;

const stages: Record<string, Stage> = {
  check,
  build,
  unit: (grep) => nodeTests('test/unit/**/*.test.ts', { concurrency: true, timeout: 120_000 }, grep),
  host: hostStage,
  ui: (grep) => nodeTests('test/ui/**/*.test.ts', { concurrency: 1, timeout: 300_000 }, grep),
};

/** Types, lint, format, dead code. */
async function check(): Promise<Counts> {
  const [command, args] = npmCommand(['run', '--silent', 'check']);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  const [code] = await once(child, 'close');
  return code === 0 ? { ...none, passed: 1 } : failures('npm run check failed');
}

async function build(): Promise<Counts> {
  for (const [file, size] of Object.entries(await buildExtension()))
    console.log(`${file} ${(size / 1024).toFixed(1)} KB`);
  return none;
}

/** Each file in a process of its own; `timeout` (ms) ends a file that hangs. */
async function nodeTests(
  pattern: string,
  options: { concurrency: number | boolean; timeout: number },
  grep: string | undefined,
): Promise<Counts> {
  const tests = run({
    ...options,
    files: globSync(pattern, { cwd: root })
      .toSorted()
      .map((file) => join(root, file)),
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
    ...(grep ? { testNamePatterns: new RegExp(grep, 'i') } : {}),
  });
  const counts = { ...none };
  tests.on('test:summary', ({ file, counts: all }) => {
    if (file !== undefined) return;
    counts.passed = all.passed;
    counts.failed = all.tests - all.passed - all.skipped - all.todo;
    counts.skipped = all.skipped + all.todo;
  });
  for await (const text of tests.compose(new spec())) process.stdout.write(text);
  return counts;
}

async function timed(name: string, stage: Stage, grep: string | undefined): Promise<Counts> {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const counts = await stage(grep).catch((error: unknown) => failures(reasonOf(error)));
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
  const results: Counts[] = [];
  for (const [name, stage] of Object.entries(stages)) {
    // What runs in VS Code runs the built extension.
    const needed = name === 'build' && (wanted.includes('host') || wanted.includes('ui'));
    if (wanted.length === 0 || wanted.includes(name) || needed) results.push(await timed(name, stage, grep));
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
