import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { FolderInUseError, lockRun } from '../../../../src/documentation/workspace/runLock.ts';
import { MemoryFiles } from './memoryFiles.ts';

const path = 'docs/.codeworm/running.json';
const owned = (owner: object): MemoryFiles => new MemoryFiles({ [path]: JSON.stringify(owner) });
const other = { pid: process.ppid, host: hostname(), at: Date.now(), token: 'theirs' };

describe('the lock of a run', () => {
  it('belongs to one program at a time, and is free afterwards', async () => {
    const files = new MemoryFiles();
    const release = await lockRun(files, path);
    await assert.rejects(lockRun(files, path), FolderInUseError);
    await release();
    assert.equal(files.content.size, 0);
    await (
      await lockRun(files, path)
    )();
  });

  it('is respected while its owner lives, here or elsewhere', async () => {
    const elsewhere = { ...other, host: 'another machine' };
    for (const owner of [other, elsewhere]) {
      const files = owned(owner);
      await assert.rejects(lockRun(files, path), /is writing pages in this folder/);
      assert.equal(files.content.get(path), JSON.stringify(owner));
    }
  });

  it('is taken over from a process that was killed, and from one that is silent', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const killed = { ...other, pid: child.pid };
    await assert.rejects(lockRun(owned(killed), path), FolderInUseError);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const silent = { ...other, host: 'another machine', at: Date.now() - 600_000 };
    // After a restart of a container, another process has the same number.
    const same = { ...other, pid: process.pid };
    const reused = { ...other, at: Date.now() - 600_000 };
    for (const owner of [killed, silent, same, reused]) await (await lockRun(owned(owner), path))();
  });

  it('is not kept by a damaged file', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom('{"pid":-1,"host":"","at":0,"token":""}', '{"pid":1}', 'null'),
        ),
        async (text) => (await lockRun(new MemoryFiles({ [path]: text }), path))(),
      ),
    ));

  it('does not prevent a run on a full disk, which reports it itself', async () => {
    const files = new MemoryFiles();
    files.fault = () => 'ENOSPC';
    await (
      await lockRun(files, path)
    )();
  });

  it('is not taken from its next owner at the end', async () => {
    const files = new MemoryFiles();
    const release = await lockRun(files, path);
    files.content.set(path, JSON.stringify(other));
    await release();
    assert.equal(files.content.get(path), JSON.stringify(other));
  });

  it('is taken over by exactly one of many processes that find a dead owner at the same moment', async () => {
    const root = mkdtempSync(join(tmpdir(), 'codeworm-lock-'));
    const script = join(import.meta.dirname, 'lockingProcess.ts');
    const processes = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script]);
      return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
    });
    const answers = async (): Promise<string[]> =>
      (await Promise.all(processes.map(({ lines }) => lines.next())))
        .map(({ value }) => String(value))
        .toSorted();
    const expected = ['got', ...processes.slice(1).map(() => 'in use')];
    try {
      await answers();
      for (let round = 0; round < 30; round++) {
        const folder = join(root, String(round));
        mkdirSync(folder);
        const dead = round % 3 === 0 ? '' : JSON.stringify({ ...other, at: 0, token: `dead${round}` });
        writeFileSync(join(folder, 'running.json'), dead);
        for (const { child } of processes) child.stdin.write(`${folder}\n`);
        assert.deepEqual(await answers(), expected);
        assert.deepEqual(readdirSync(folder), ['running.json']);
      }
    } finally {
      for (const { child } of processes) child.kill('SIGKILL');
      rmSync(root, { recursive: true });
    }
  });
});
