import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../support/double/index.ts';

const script = join(import.meta.dirname, '..', '..', 'support', 'document.ts');
const source = `export function add(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  if (Number.isNaN(other)) return one;
  return one + other;
}
`;
const page = ['Purpose', 'Parameters and Result', 'How It Works', 'Errors and Edge Cases', 'Usage']
  .map((heading) => `## ${heading}\n\nBoth numbers are taken together, which is what it is for.\n`)
  .join('\n');
const isGeneration = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && Boolean(body.prompt);

describe('npm run document', () => {
  let double: OllamaDouble;
  let folder: string;

  beforeEach(async () => {
    double = await startDouble({ answer: () => page });
    folder = mkdtempSync(join(tmpdir(), 'codeworm-document-'));
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'add.ts'), source);
  });
  afterEach(async () => {
    await double.close();
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      script,
      ...args,
    ]);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output };
  }
  const server = (): string[] => ['--url', double.url, '--model', 'tiny:latest'];
  const pages = (): string[] =>
    readdirSync(join(folder, 'docs', 'codeworm'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );

  it('writes the pages of a folder and their index, and the next time only what has changed', async () => {
    const first = await run(folder, '--kinds', 'function', ...server());
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /\[1\/1.*\] written: docs\/codeworm\/src\/add\.ts\/function-add\.md/);
    assert.match(first.output, /\b1 page: 1 written \(\d+ % passed the check\), 0 unchanged/);
    assert.match(readFileSync(join(folder, 'docs', 'codeworm', 'README.md'), 'utf8'), /add \(function\)/);
    const before = double.requests.filter(isGeneration).length;
    writeFileSync(join(folder, 'src', 'add.ts'), source.replace('one + other', 'other + one'));
    const changed = await run(folder, '--update', ...server());
    assert.match(changed.output, /1 written/);
    assert.ok(double.requests.filter(isGeneration).length > before);
    assert.equal(pages().length, 2);
  });

  it("writes the pages with a server of OpenAI's protocol, too", async () => {
    await using server = await startDouble({ protocol: 'openai', answer: () => page });
    const { code, output } = await run(folder, '--kinds', 'function', '--url', `${server.url}/v1`);
    assert.equal(code, 0, output);
    assert.match(output, /\b1 page: 1 written/);
    assert.ok(server.requests.some(({ path }) => path === '/v1/chat/completions'));
  });

  it('writes summaries of the history, and ends when another program writes the pages', async () => {
    const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, ...args]);
    git('init', '--quiet');
    git('add', '.');
    git(
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@b',
      'commit',
      '--quiet',
      '--no-verify',
      '-m',
      'Adds <b>adding</b>',
    );
    double.set({
      answer: () =>
        '## What Changed\n\nAdding came.\n\n## Why\n\nNothing tells.\n\n## Where\n\nIn src.\n\n## What to Look At Next\n\nNothing is left unfinished here, as far as commits tell.\n',
    });
    const first = await run(folder, '--kinds', 'month', ...server());
    assert.equal(first.code, 0, first.output);
    const month = pages().find((name) => name.startsWith('month-'));
    assert.match(
      readFileSync(join(folder, 'docs', 'codeworm', month!), 'utf8'),
      /Adds \\?<b\\?>adding|Adds &lt;b|Adds \\<b/,
    );
    assert.match((await run(folder, '--kinds', 'month', ...server())).output, /0 pages: 0 written/);
    const owner = { pid: process.pid, host: hostname(), at: Date.now(), token: 'theirs' };
    writeFileSync(join(folder, 'docs', '.codeworm', 'running.json'), JSON.stringify(owner));
    const second = await run(folder, '--kinds', 'function', ...server());
    assert.equal(second.code, 3, second.output);
    assert.match(second.output, /is writing pages in this folder/);
  });

  it('ends with other codes when pages fail, it is told nonsense, or nothing can be written', async () => {
    void double.faultNext(isGeneration, { kind: 'respond', status: 400, body: '{"error":"no"}' });
    const failed = await run(folder, '--kinds', 'function', ...server());
    assert.equal(failed.code, 1, failed.output);
    assert.match(failed.output, /failed: /);
    const wrong = [
      [],
      [join(folder, 'none')],
      [folder, '--kinds', 'poem'],
      [folder, '--pages', '../x'],
      [folder, '--kinds', ','],
      [folder, '--count', '0'],
      [folder, '--no-such-option'],
    ];
    const ended = await Promise.all(wrong.map((args) => run(...args, ...server())));
    assert.deepEqual(new Set(ended.map(({ code }) => code)), new Set([2]));
    const unknown = await run(folder, '--url', double.url, '--model', 'missing:latest');
    assert.equal(unknown.code, 3, unknown.output);
  });
});
