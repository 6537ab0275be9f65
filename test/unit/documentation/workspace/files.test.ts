/**
 * Which files of a folder are planned: those that Git lists, or our own reading of its rules, without those
 * that settings exclude.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GlobFilter } from '../../../../src/documentation/workspace/globs.ts';
import { NodeFiles } from '../../../../src/documentation/workspace/nodeFiles.ts';
import { commitsBetween, fileHistories, filesInGit } from '../../../../src/editor/gitHistory.ts';
import { findProgram, type GitProgram } from '../../../../src/editor/gitProgram.ts';
import { gitFolder } from '../../../support/gitRepository.ts';

const gitIn = (root: string): GitProgram => ({ path: findProgram('git', root) ?? 'git', root });

const listed = async (files: NodeFiles): Promise<string[]> => {
  const paths: string[] = [];
  for await (const { path, size } of files.list()) {
    assert.ok(size >= 0);
    paths.push(path);
  }
  return paths.toSorted((a, b) => (a < b ? -1 : 1));
};

describe('the files of a folder', () => {
  test('are the same by Git and by our own reading of its rules', async () => {
    using repository = gitFolder();
    const { folder, write } = repository;
    for (const path of [
      'a.ts',
      'a.log',
      'é b.ts',
      'src/b.ts',
      'src/keep.log',
      'src/tmp/c.ts',
      'src/tmp/keep/d.ts',
      'other/tmp/e.ts',
      'gone/f.ts',
    ])
      write(path, 'export {}');
    write('.gitignore', '*.log\n/gone/\n');
    write('src/.gitignore', '!keep.log\n/tmp/*\n!/tmp/keep\n');
    write('.git/info/exclude', 'other/**/e.ts\n');
    symlinkSync(join(folder, 'src'), join(folder, 'link'));
    const expected = [
      '.gitignore',
      'a.ts',
      'src/.gitignore',
      'src/b.ts',
      'src/keep.log',
      'src/tmp/keep/d.ts',
      'é b.ts',
    ];
    assert.deepEqual(await listed(new NodeFiles(folder)), expected);
    assert.deepEqual(
      await listed(new NodeFiles(folder, { listed: () => filesInGit(gitIn(folder)) })),
      expected,
    );
    for (const [path, names] of [
      ['src', ['.gitignore', 'b.ts', 'keep.log', 'tmp/keep/d.ts']],
      ['src/tmp', ['keep/d.ts']],
      ['gone', []],
      ['other/tmp', []],
    ] as const) {
      const inside = join(folder, path);
      assert.deepEqual(await listed(new NodeFiles(inside)), names, path);
      const inGit = new NodeFiles(inside, { listed: () => filesInGit(gitIn(inside)) });
      assert.deepEqual(await listed(inGit), names, path);
    }
  });

  test('of a folder without Git are read as well', async () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'codeworm-plain-'));
    try {
      assert.equal(await filesInGit(gitIn(folder)), undefined);
      assert.deepEqual(await listed(new NodeFiles(folder, { listed: () => filesInGit(gitIn(folder)) })), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('settings that exclude files', () => {
  const excluded = (setting: Record<string, unknown>, path: string, others: string[] = []): boolean =>
    new GlobFilter([setting]).excludes(path, (other) => others.includes(other));

  test('as VS Code reads them', () => {
    assert.ok(excluded({ '**/node_modules': true }, 'a/node_modules/b/c.ts'));
    assert.ok(excluded({ node_modules: true }, 'node_modules/c.ts'));
    assert.ok(!excluded({ node_modules: true }, 'a/node_modules/c.ts'));
    assert.ok(excluded({ '**/*.{spec,test}.[jt]s': true }, 'a/b.test.ts'));
    assert.ok(!excluded({ '**/*.{spec,test}.[jt]s': true }, 'a/b.ts'));
    assert.ok(excluded({ 'src/**': true }, 'src/a/b.ts'));
    assert.ok(!excluded({ 'src/*.ts': true }, 'src/a/b.ts'));
    assert.ok(excluded({ '{a,b/{c,d}}/**': true }, 'b/d/e.ts'));
    assert.ok(!excluded({ '**/*.ts': false }, 'a.ts'));
    assert.ok(!excluded({ '**/[': true, '**/{a': true }, 'a.ts'));
  });

  test('bound to a file beside it', () => {
    const setting = { '**/*.js': { when: '$(basename).ts' } };
    assert.ok(excluded(setting, 'a/b.js', ['a/b.ts']));
    assert.ok(!excluded(setting, 'a/b.js', ['b.ts']));
  });
});

describe('the history of a folder', () => {
  test('returns how often and when each file was changed, and the commits of a period', async () => {
    using repository = gitFolder();
    const { folder, git, write } = repository;
    const commit = (message: string, date: string): void => {
      git('add', '--all');
      git('-c', 'commit.gpgSign=false', 'commit', '--quiet', '--no-verify', '-m', message, `--date=${date}`);
    };
    const day = new Date(Date.now() - 86_400_000).toISOString();
    write('src/a b.ts', 'one\n');
    write('é.ts', 'one\n');
    commit('Adds\n\nBecause of\nthe shop.', day);
    write('src/a b.ts', 'one\ntwo\n');
    write('src/pic.bin', new Uint8Array([0, 1, 2]));
    commit('Changes "it"\x01\x02', day);

    const histories = await fileHistories(gitIn(folder), new Date(Date.now() - 7 * 86_400_000));
    const counts = Object.fromEntries([...histories].map(([path, { commits }]) => [path, commits]));
    assert.deepEqual(counts, { 'src/a b.ts': 2, 'src/pic.bin': 1, 'é.ts': 1 });
    assert.ok([...histories.values()].every(({ lastChange }) => Math.abs(lastChange - Date.now()) < 600_000));

    const [from, to] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000)];
    const commits = await commitsBetween(gitIn(join(folder, 'src')), from, to);
    assert.deepEqual(
      commits.map(({ subject, body }) => [subject.replaceAll(/[^\w ]/g, ''), body]),
      [
        ['Changes it', ''],
        ['Adds', 'Because of\nthe shop.'],
      ],
    );
    assert.deepEqual(commits[0]?.files, [{ path: 'a b.ts', added: 1, removed: 0 }, { path: 'pic.bin' }]);
    assert.deepEqual(commits[1]?.files, [{ path: 'a b.ts', added: 1, removed: 0 }]);
    assert.match(commits[0]?.date ?? '', /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(await commitsBetween(gitIn(folder), new Date(0), new Date(86_400_000)), []);
  });

  test('is empty without a file', async () => {
    using repository = gitFolder();
    assert.deepEqual(await fileHistories(gitIn(repository.folder), new Date(0)), new Map());
    assert.deepEqual(await commitsBetween(gitIn(repository.folder), new Date(0), new Date()), []);
  });
});
