import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findProgram } from '../../../src/editor/gitProgram.ts';
import { isIgnoredPath } from '../../../src/editor/ignoredPath.ts';
import { gitFolder } from '../../support/gitRepository.ts';

test('a file is ignored if a pattern of the repository matches it, whatever its name is', async () => {
  using repository = gitFolder();
  const { folder: root, write } = repository;
  write('.gitignore', 'local/\n*.log\n\\[draft\\].ts\n');
  write('src/.gitignore', 'own.ts\n!kept.log\n');
  write('src/a.ts', '');
  const git = { path: findProgram('git', root)!, root };
  const isIgnored = (name: string): Promise<boolean> => isIgnoredPath(git, join(root, name));
  for (const name of ['local/a.ts', 'local/deep/er/a.ts', 'b.log', 'src/own.ts', '[draft].ts'])
    assert.equal(await isIgnored(name), true, name);
  for (const name of [
    'src/a.ts',
    'src/new.ts',
    'src/kept.log',
    '*.ts',
    'd.ts',
    ':(top)b.log/c',
    'r\u00e9sum\u00e9.ts',
  ])
    assert.equal(await isIgnored(name), name.includes('b.log'), name);
});

test('a repository may be opened through a link', async () => {
  using repository = gitFolder();
  const { folder: root, write } = repository;
  write('.gitignore', 'local/\n');
  write('local/a.ts', '');
  write('src/a.ts', '');
  const links = mkdtempSync(join(realpathSync(tmpdir()), 'codeworm-links-'));
  try {
    const link = join(links, 'shop');
    symlinkSync(root, link, 'junction');
    const git = { path: findProgram('git', root)!, root };
    assert.equal(await isIgnoredPath(git, join(link, 'local/a.ts')), true);
    assert.equal(await isIgnoredPath(git, join(link, 'src/a.ts')), false);
    await assert.rejects(isIgnoredPath(git, join(links, 'elsewhere.ts')), { name: 'Error' });
  } finally {
    rmSync(links, { recursive: true });
  }
});

test('a file behind a link inside the repository is judged by its real path', async () => {
  using repository = gitFolder();
  const { folder: root, write } = repository;
  write('.gitignore', 'local/\n');
  write('local/a.ts', '');
  write('src/a.ts', '');
  const elsewhere = mkdtempSync(join(realpathSync(tmpdir()), 'codeworm-links-'));
  try {
    symlinkSync(join(root, 'src'), join(root, 'one'), 'junction');
    symlinkSync(join(root, 'local'), join(root, 'two'), 'junction');
    symlinkSync(elsewhere, join(root, 'three'), 'junction');
    const git = { path: findProgram('git', root)!, root };
    assert.equal(await isIgnoredPath(git, join(root, 'one/a.ts')), false);
    assert.equal(await isIgnoredPath(git, join(root, 'two/a.ts')), true);
    await assert.rejects(isIgnoredPath(git, join(root, 'three/a.ts')), { name: 'Error' });
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});
