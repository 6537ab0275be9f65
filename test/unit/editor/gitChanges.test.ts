/** Real repositories, with a configuration that changes Git's output. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { readStaged, readUnstaged, type ReadChanges } from '../../../src/editor/gitChanges.ts';
import type { FileTexts } from '../../../src/editor/gitText.ts';
import { commitsOfFile, lastSubjects, preparedMessage } from '../../../src/editor/gitMessages.ts';
import { findProgram, GitError, type GitProgram } from '../../../src/editor/gitProgram.ts';
import { gitFolder, hostilePrograms, hostileSettings, type GitFolder } from '../../support/gitRepository.ts';

const texts: FileTexts = {
  decode: async (bytes, path) =>
    new TextDecoder(path.endsWith('.w1252') ? 'windows-1252' : 'utf-16le').decode(bytes),
  isUtf16: (path) => path.endsWith('.utf16'),
};
const posix = process.platform === 'win32' ? { skip: 'needs links and modes' } : {};
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join('');

describe('reading changes from Git', () => {
  let repository: GitFolder;
  let git: GitProgram;
  const saved = { ...process.env };

  beforeEach(() => {
    repository = gitFolder();
    git = { path: findProgram('git', repository.folder)!, root: repository.folder };
  });
  afterEach(() => {
    process.env = { ...saved };
    repository[Symbol.dispose]();
  });

  const staged = (): Promise<ReadChanges> => readStaged(git, texts);
  const unstaged = (): Promise<ReadChanges> => readUnstaged(git, texts, { untracked: true });

  function commit(): void {
    repository.git('add', '--all');
    repository.git('commit', '--quiet', '--message', 'Begin');
  }

  /** Changes files of every kind in every way. */
  function changeEverything(): void {
    const { write, folder } = repository;
    write('a.txt', lines(1, 40));
    write('moved.txt', lines(100, 140));
    write('copied.txt', lines(200, 240));
    write('\u00fc \u4f60.txt', 'old\n');
    write('tab\there "quoted".txt', 'old\n');
    write('new\nline.txt', 'old\n');
    write('run.sh', 'x\n');
    write('gone.txt', 'bye\n');
    write('data.foo', 'one\n\ntwo\n');
    write('.gitattributes', '*.foo diff=foo filter=foo\n');
    symlinkSync('a.txt', join(folder, 'link'));
    commit();
    write('a.txt', lines(1, 40).replace('line 5\n', 'LINE 5\n').replace('line 25\n', 'LINE 25\n'));
    rmSync(join(folder, 'moved.txt'));
    write('sub/moved to.txt', lines(100, 140));
    write('copy of.txt', lines(200, 240));
    write('\u00fc \u4f60.txt', 'new\n');
    write('tab\there "quoted".txt', 'new\n');
    write('new\nline.txt', 'new\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
    rmSync(join(folder, 'gone.txt'));
    write('data.foo', 'one\n\nthree\n');
    write('logo.png', new Uint8Array([137, 80, 78, 71, 0, 1]));
    rmSync(join(folder, 'link'));
    symlinkSync('copied.txt', join(folder, 'link'));
  }

  test('is independent of all settings of the repository, the user and the environment', posix, async () => {
    changeEverything();
    const beforeStaging = await unstaged();
    repository.git('add', '--all');
    const plain = await staged();
    assert.deepEqual(
      plain.files.map(({ path, what }) => [path, ...what]),
      [
        ['a.txt'],
        ['copy of.txt', 'new'],
        ['data.foo'],
        ['gone.txt', 'deleted'],
        ['link', 'symbolic link'],
        ['logo.png', 'new', 'binary'],
        ['new\nline.txt'],
        ['run.sh', 'made executable'],
        ['sub/moved to.txt', 'renamed from moved.txt'],
        ['tab\there "quoted".txt'],
        ['\u00fc \u4f60.txt'],
      ],
    );
    assert.deepEqual(plain.files[0]?.lines.slice(0, 9), [
      '@@ -2,7 +2,7 @@ line 1',
      ...[' line 2', ' line 3', ' line 4', '-line 5', '+LINE 5', ' line 6', ' line 7', ' line 8'],
    ]);
    assert.deepEqual(plain.files[2]?.lines, ['@@ -1,3 +1,3 @@', ' one', ' ', '-two', '+three']);

    const { settings, mark } = hostilePrograms(repository.folder);
    writeFileSync(join(repository.folder, '.git', 'order.txt'), '*.sh\n');
    const userConfig = join(repository.folder, '.git', 'user-config');
    for (const [name, value] of Object.entries({ ...hostileSettings, ...settings })) {
      const isUsers = /^(?:diff\.|color|log|format|i18n)/.test(name) && name !== 'diff.external';
      if (isUsers) repository.git('config', '--file', userConfig, name, value);
      repository.git('config', name, value);
    }
    const hostileEnvironment = {
      GIT_CONFIG_GLOBAL: userConfig,
      GIT_EXTERNAL_DIFF: settings['diff.external'],
      GIT_DIFF_OPTS: '--unified=0',
      GIT_PAGER: settings['diff.external'],
      GIT_LITERAL_PATHSPECS: '0',
      GIT_DIR: '/nowhere',
      GIT_WORK_TREE: '/nowhere',
      GIT_INDEX_FILE: '/nowhere',
      GIT_TRACE: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'diff.noprefix',
      GIT_CONFIG_VALUE_0: 'true',
      LANG: 'de_DE.UTF-8',
      LC_ALL: 'de_DE.UTF-8',
    };
    Object.assign(process.env, hostileEnvironment);
    assert.deepEqual(await staged(), plain);
    assert.deepEqual(await lastSubjects(git, 10), ['Begin']);
    const [of] = await commitsOfFile(git, 'a.txt', 5);
    assert.match(`${of?.hash} ${of?.date} ${of?.subject}`, /^[0-9a-f]{8} \d{4}-\d\d-\d\d Begin$/);
    assert.equal(existsSync(mark), false, existsSync(mark) ? readFileSync(mark, 'utf8') : '');
    // Unstages everything. This Git belongs to the test, so it may use any configuration.
    process.env = { ...saved };
    for (const name of Object.keys(settings)) repository.git('config', '--unset-all', name);
    repository.git('reset', '--quiet', 'HEAD');
    for (const [name, value] of Object.entries(settings)) repository.git('config', name, value);
    Object.assign(process.env, hostileEnvironment);
    rmSync(mark, { force: true });
    assert.deepEqual(await unstaged(), beforeStaging);
    assert.equal(existsSync(mark), false, existsSync(mark) ? readFileSync(mark, 'utf8') : '');
  });

  test('runs the filters of the user, not those of the repository', posix, async () => {
    repository.write('.gitattributes', '*.up filter=up\n');
    repository.write('a.up', 'KEPT\n');
    commit();
    const userConfig = join(repository.folder, '.git', 'user-config');
    repository.git('config', '--file', userConfig, 'filter.up.clean', 'tr a-z A-Z');
    const { mark } = hostilePrograms(repository.folder);
    repository.git('config', 'filter.up.clean', `sh -c 'echo ran >> "${mark}"; cat'`);
    repository.write('a.up', 'kept\nmore\n');
    process.env['GIT_CONFIG_GLOBAL'] = userConfig;
    const { files } = await unstaged();
    assert.deepEqual(files[0]?.lines, ['@@ -1 +1,2 @@', ' KEPT', '+MORE']);
    assert.equal(existsSync(mark), false);
  });

  test('works before the first commit', async () => {
    repository.write('a.txt', 'first\n');
    repository.git('add', '.');
    assert.deepEqual(await staged(), {
      files: [{ path: 'a.txt', what: ['new'], lines: ['@@ -0,0 +1 @@', '+first'] }],
      conflicts: [],
    });
    assert.deepEqual(await lastSubjects(git, 10), []);
  });

  test('is empty when files were only touched', async () => {
    repository.write('a.txt', 'same\n');
    commit();
    repository.write('a.txt', 'same\n');
    assert.deepEqual(await unstaged(), { files: [], conflicts: [] });
  });

  test('reads new files, and links as links', posix, async () => {
    repository.write('secret/outside.txt', 'SECRET\n');
    commit();
    repository.git('rm', '--quiet', '--cached', '-r', 'secret');
    repository.git('commit', '--quiet', '--message', 'Hide');
    repository.write('.git/info/exclude', 'secret\n');
    symlinkSync('secret/outside.txt', join(repository.folder, 'link.txt'));
    symlinkSync('secret', join(repository.folder, 'folder'));
    repository.write('fresh.txt', 'one\ntwo\n');
    repository.write('picture.bin', new Uint8Array([0, 1, 2]));
    const { files } = await unstaged();
    assert.deepEqual(files, [
      { path: 'folder', what: ['new', 'symbolic link to "secret"'], lines: [] },
      { path: 'fresh.txt', what: ['new'], lines: ['@@ -0,0 +1,2 @@', '+one', '+two'] },
      { path: 'link.txt', what: ['new', 'symbolic link to "secret/outside.txt"'], lines: [] },
      { path: 'picture.bin', what: ['new', 'binary'], lines: [] },
    ]);
  });

  test("uses the editor's encoding", async () => {
    const utf16 = (text: string, mark = '\uFEFF'): Buffer => Buffer.from(mark + text, 'utf16le');
    repository.write('a.w1252', Buffer.from('Gr\u00fc\u00dfe\n', 'latin1'));
    repository.write('b.txt', utf16('one\n\u4e0a\ntwo\n'));
    repository.write('c.utf16', utf16('one\n', ''));
    repository.write('d.bin', new Uint8Array([1, 0, 2]));
    commit();
    repository.write('a.w1252', Buffer.from('Gr\u00fc\u00df\u00e4\n', 'latin1'));
    repository.write('b.txt', utf16('one\n\u4e0a\nthree\n'));
    repository.write('c.utf16', utf16('two\n', ''));
    repository.write('d.bin', new Uint8Array([1, 0, 3]));
    const expected = [
      { path: 'a.w1252', what: [], lines: ['@@ -1 +1 @@', '-Gr\u00fc\u00dfe', '+Gr\u00fc\u00df\u00e4'] },
      { path: 'b.txt', what: [], lines: ['@@ -1,3 +1,3 @@', ' one', ' \u4e0a', '-two', '+three'] },
      { path: 'c.utf16', what: [], lines: ['@@ -1,1 +1,1 @@', '-one', '+two'] },
      { path: 'd.bin', what: ['binary'], lines: [] },
    ];
    assert.deepEqual((await unstaged()).files, expected);
    repository.git('add', '.');
    assert.deepEqual((await staged()).files, expected);
  });

  test('tells binary by content, line endings and submodules in words', async () => {
    repository.write('.gitattributes', '*.dat diff\n*.txt -text\n');
    repository.write('a.dat', 'x\n');
    repository.write('ends.txt', 'one\ntwo\n');
    commit();
    const first = repository.git('rev-parse', 'HEAD').trim();
    repository.write('a.dat', new Uint8Array([0, 1, 10]));
    repository.write('ends.txt', 'one\r\ntwo\r\n');
    repository.git('add', '.');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${first},module`);
    const { files } = await staged();
    assert.deepEqual(files, [
      { path: 'a.dat', what: ['binary'], lines: [] },
      { path: 'ends.txt', what: ['only line endings changed'], lines: [] },
      { path: 'module', what: ['new', `submodule at ${first.slice(0, 8)}`], lines: [] },
    ]);
  });

  test("names conflicts, and reads Git's prepared message", async () => {
    repository.write('both.txt', 'x\n');
    commit();
    repository.git('checkout', '--quiet', '-b', 'other');
    repository.write('both.txt', 'other\n');
    repository.write('added.txt', 'added\n');
    commit();
    repository.git('checkout', '--quiet', 'main');
    repository.write('both.txt', 'main\n');
    commit();
    assert.throws(() => repository.git('merge', 'other'));
    const { files, conflicts } = await staged();
    assert.deepEqual(conflicts, ['both.txt']);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['added.txt'],
    );
    assert.deepEqual((await unstaged()).conflicts, ['both.txt']);
    assert.deepEqual(await preparedMessage(git), { text: "Merge branch 'other'", kind: 'message' });
    repository.git('merge', '--abort');
    repository.git('config', 'core.commentChar', ';');
    assert.throws(() => repository.git('cherry-pick', 'other'));
    assert.deepEqual(await preparedMessage(git), { text: 'Begin', kind: 'message' });
    repository.git('cherry-pick', '--abort');
    assert.equal(await preparedMessage(git), undefined);
  });

  test('fails instead of guessing when Git fails', async () => {
    repository.write('a.txt', 'x\n');
    commit();
    writeFileSync(join(repository.folder, '.git', 'index'), 'broken');
    await assert.rejects(staged(), (error) => error instanceof GitError && error.kind === 'failed');
    await assert.rejects(readStaged({ ...git, path: '/nowhere/git' }, texts), { kind: 'missing' });
  });
});
