import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readMarkedPage } from '../../../../src/documentation/workspace/pageMark.ts';
import { startDouble, type OllamaDouble, type RecordedRequest } from '../../../support/double/index.ts';
import { goodAnswer } from './runWorld.ts';

const isGeneration = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && Boolean(body.prompt);

const script = join(import.meta.dirname, 'runningProcess.ts');

/**
 * A process that writes pages. `killAt` kills it without cleanup after that many requests, `dieAt` in the
 * middle of that write to the disk.
 */
async function writePages(
  folder: string,
  double: OllamaDouble,
  count: number,
  { killAt, dieAt }: { killAt?: number; dieAt?: number } = {},
): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      script,
      folder,
      double.url,
      String(count),
      String(dieAt ?? Infinity),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (killAt !== undefined) {
    for (let requests = 0; requests <= killAt; requests++)
      await Promise.race([double.nextRequest(isGeneration), ended]);
    child.kill('SIGKILL');
  }
  await ended;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('a process that is killed while it writes pages', () => {
  let double: OllamaDouble;
  let folder: string;

  beforeEach(async () => {
    double = await startDouble({ answer: () => goodAnswer });
    folder = mkdtempSync(join(tmpdir(), 'codeworm-run-'));
  });
  afterEach(async () => {
    await double.close();
    rmSync(folder, { recursive: true });
  });

  it('leaves no half page, and the next one writes what is missing and nothing else', async () => {
    const count = 8;
    const places = [0, 1].map(() => Math.floor(Math.random() * 4));
    for (const killAt of places) {
      await writePages(folder, double, count, { killAt });
      for (const file of filesIn(folder).filter((path) => path.endsWith('.md')))
        assert.equal((await readMarkedPage(readFileSync(file, 'utf8')))?.isTouched, false, file);
    }
    const before = filesIn(folder).filter((path) => path.endsWith('.md')).length;
    double.forgetRequests();
    await writePages(folder, double, count);
    const pages = filesIn(join(folder, 'docs/codeworm'));
    assert.equal(pages.length, count, `killed at ${places.join(', ')}`);
    assert.equal(double.requests.filter(isGeneration).length, count - before);
    assert.deepEqual(
      filesIn(join(folder, 'docs/.codeworm')).map((path) => path.split(/[\\/]/).at(-1)),
      ['.gitignore'],
    );
  });

  it('leaves no half page when it dies in the middle of a write', async () => {
    const count = 3;
    // The first two writes are the state; then each page is written and renamed.
    for (const dieAt of [3 + Math.floor(Math.random() * 2), 5]) {
      await writePages(folder, double, count, { dieAt });
      for (const file of filesIn(folder).filter((path) => path.endsWith('.md')))
        assert.equal((await readMarkedPage(readFileSync(file, 'utf8')))?.isTouched, false, file);
    }
    await writePages(folder, double, count);
    assert.equal(filesIn(join(folder, 'docs/codeworm')).length, count);
    assert.deepEqual(
      filesIn(folder).filter((path) => path.endsWith('-part')),
      [],
    );
  });
});
