import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readGitDiff, readPlainDiff, UnreadableDiffError } from '../../../src/text/gitDiff.ts';

const id = (digit: string): string => digit.repeat(40);
const record = (status: string, ...paths: string[]): string =>
  `:100644 100644 ${id('1')} ${id('2')} ${status}\0${paths.join('\0')}\0`;
const patch = (path: string, hunk: string): string =>
  `diff --git a/${path} b/${path}\nindex 1111111..2222222 100644\n--- a/${path}\n+++ b/${path}\n${hunk}`;
const good = `${record('M', 'a.ts')}${record('M', 'b.ts')}\0${patch('a.ts', '@@ -1 +1,2 @@\n-x\n+y\n+z\n')}${patch('b.ts', '@@ -3,2 +3,1 @@ f()\n x\n-y\n\\ No newline at end of file\n')}`;

const wrong: Record<string, string> = {
  colors: good.replaceAll(/^[+].*$/gm, '\u001B[32m$&\u001B[m'),
  'another prefix': good.replaceAll(' b/', ' w/'),
  'no prefix': good.replaceAll(/ [ab]\//g, ' '),
  'the words of a program': `${record('M', 'a.ts')}\0HOSTILE OUTPUT\n`,
  'no text at all': `${record('M', 'a.ts')}\0`,
  'a text too many': `${record('M', 'a.ts')}\0${patch('a.ts', '@@ -1 +1 @@\n-x\n+y\n')}${patch('b.ts', '')}`,
  'texts in another order': `${record('M', 'b.ts')}${record('M', 'a.ts')}${good.slice(good.indexOf('\0\0') + 1)}`,
  'a hunk with a line too few': good.replace('+z\n', ''),
  'a hunk with a line too many': good.replace('+z\n', '+z\n+z\n'),
  'a line without a mark': good.replace('+z\n', 'z\n'),
  'a log of a submodule': `${record('M', 'sub')}\0Submodule sub 1111111..2222222:\n  > Change\n`,
  'words instead of a list': 'Merge conflict\n',
  'an unknown status': good.replace(' M\0', ' X\0'),
  'a cut list': record('M', 'a.ts').slice(0, 60),
  'a name that is missing': `${record('R100', 'a.ts')}\0`,
};

describe('reading a diff of Git', () => {
  test('gives each file its lines', () => {
    assert.deepEqual(
      readGitDiff(good).map(({ path, lines }) => [path, lines]),
      [
        ['a.ts', ['@@ -1 +1,2 @@', '-x', '+y', '+z']],
        ['b.ts', ['@@ -3,2 +3,1 @@ f()', ' x', '-y', '\\ No newline at end of file']],
      ],
    );
    assert.deepEqual(readGitDiff(''), []);
  });

  for (const [name, output] of Object.entries(wrong))
    test(`fails on ${name}`, () => assert.throws(() => readGitDiff(output), UnreadableDiffError));

  test('names the files whose text was cut off, whatever the place', () => {
    const start = good.indexOf('\0\0') + 2;
    for (let end = start; end <= good.length; end++) {
      const files = readGitDiff(good.slice(0, end), true);
      assert.deepEqual(
        files.map(({ path }) => path),
        ['a.ts', 'b.ts'],
      );
      assert.ok(files[1]?.isMissing);
    }
  });

  test('a text that looks like a header or a hunk stays text', () => {
    const lines = ['+diff --git a/x b/x', '+@@ -1 +1 @@', '+--- a/x', '-+++ b/x', ' index 1..2'];
    const hunk = `@@ -1,2 +1,4 @@\n${lines.join('\n')}\n`;
    const [file, ...others] = readGitDiff(`${record('M', 'a')}\0${patch('a', hunk)}`);
    assert.deepEqual(file?.lines.slice(1), lines);
    assert.deepEqual(others, []);
  });

  test('any change of a character gives the same files or an error, never others', () => {
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.constantFrom('', 'x', '\n', ' ', '@', '+', '\u001B[1m'),
        (at, put) => {
          const changed = good.slice(0, at) + put + good.slice(at + 1);
          try {
            const files = readGitDiff(changed);
            assert.ok(files.length <= 2);
            for (const { lines } of files)
              assert.ok(lines.length === 0 || lines[0]?.startsWith('@@ '), lines.join('\n'));
          } catch (error) {
            assert.ok(error instanceof UnreadableDiffError, String(error));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('reads a diff without a list, as other extensions have it, or fails', () => {
    const plain = good.slice(good.indexOf('\0\0') + 2);
    const renamed =
      'diff --git a/old.ts b/new.ts\nsimilarity index 100%\nrename from old.ts\nrename to new.ts\n' +
      'diff --git "a/tab\\t\\"q\\".ts" "b/tab\\t\\"q\\".ts"\nold mode 100644\nnew mode 100755\n' +
      'diff --git a/x.png b/x.png\nnew file mode 100644\nindex 0000000..1111111\nBinary files /dev/null and b/x.png differ\n';
    assert.deepEqual(
      readPlainDiff(plain + renamed).map(({ path, oldPath, status, isBinary }) => [
        path,
        oldPath,
        status,
        isBinary,
      ]),
      [
        ['a.ts', undefined, 'M', false],
        ['b.ts', undefined, 'M', false],
        ['new.ts', 'old.ts', 'R', false],
        ['tab\t"q".ts', undefined, 'M', false],
        ['x.png', undefined, 'A', true],
      ],
    );
    for (const bad of [
      plain.replaceAll(' b/', ' '),
      `HOSTILE\n${plain}`,
      plain.replace('+z\n', ''),
      'words\n',
    ])
      assert.throws(() => readPlainDiff(bad), UnreadableDiffError, bad);
  });
});
