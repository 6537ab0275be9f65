/** Ignore rules, compared with Git's own results for the same files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import * as fc from 'fast-check';
import {
  isIgnored,
  parseIgnoreFile,
  type IgnoreScope,
} from '../../../../src/documentation/workspace/ignoreRules.ts';

const root = mkdtempSync(join(tmpdir(), 'codeworm-ignore-'));
after(() => rmSync(root, { recursive: true, force: true }));

const git = (args: string[], input = ''): string =>
  spawnSync('git', ['-c', 'core.quotePath=false', '-c', 'core.excludesFile=/dev/null', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
  }).stdout;
git(['init', '-q']);

const folders = ['', 'a', 'b', 'a/b', 'a/b/c', 'build', 'src', 'src/build', 'b c'];
const names = [
  'a',
  'b',
  'ab',
  'abc',
  'a.js',
  'b.min.js',
  'é',
  'ö.txt',
  ']',
  '-x',
  '#c',
  '!d',
  'e ',
  'x[1].ts',
  '*',
  'A.js',
];
const files = folders.flatMap((folder) =>
  names.map((name) => (folder === '' ? name : `${folder}/${name}`)).filter((path) => !folders.includes(path)),
);
for (const file of files) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), '');
}

/** The files that Git does not ignore, with these ignore files in these folders. */
function leftByGit(ignoreFiles: ReadonlyMap<string, string>): string[] {
  for (const folder of folders) rmSync(join(root, folder, '.gitignore'), { force: true });
  for (const [folder, text] of ignoreFiles) writeFileSync(join(root, folder, '.gitignore'), text);
  return git(['ls-files', '-z', '--others', '--exclude-standard'])
    .split('\0')
    .filter((path) => path !== '' && !path.endsWith('.gitignore'))
    .toSorted();
}

function leftByUs(ignoreFiles: ReadonlyMap<string, string>): string[] {
  const scopes: IgnoreScope[] = [...ignoreFiles]
    .map(([folder, text]) => ({
      folder: folder === '' ? [] : folder.split('/'),
      rules: parseIgnoreFile(text),
    }))
    .toSorted((one, other) => one.folder.length - other.folder.length);
  return files
    .filter((path) => {
      const parts = path.split('/');
      return parts.every((_, index) => {
        const upTo = parts.slice(0, index + 1);
        const holding = scopes.filter(
          ({ folder }) => folder.length <= index && folder.every((part, at) => part === upTo[at]),
        );
        return !isIgnored(holding, upTo, index < parts.length - 1);
      });
    })
    .toSorted();
}

const agrees = (entries: [string, string][]): void => {
  const ignoreFiles = new Map(entries);
  assert.deepEqual(leftByUs(ignoreFiles), leftByGit(ignoreFiles), JSON.stringify(entries));
};

test("examples of Git's documentation are read as Git reads them", () => {
  const samples = [
    '*.js\n!a.js',
    '/build\n',
    'build/\n!src/build',
    'a/**\n!a/b/\n!a/b/c',
    '**/b/a',
    'a/**/a',
    'a/*\n!a/b',
    '\\#c\n\\!d',
    'e\\ ',
    'e ',
    '  \n\t\na ',
    '[ab]*\n![!a]b',
    '[]-]*',
    '[a',
    'a\\',
    '?.txt\n??',
    'x\\[1\\].ts',
    'x[[]1[]].ts',
    '[[:alpha:]]\n[[:nope:]]*',
    '\uFEFFab\r\nabc\r\n',
    'abc\r',
    '**',
    '/**',
    '**/',
    '***/b',
    'a**/b\n',
    '/\n//\n!',
    'src/build/a\nb c/',
  ];
  for (const sample of samples) agrees([['', sample]]);
});

test('any rules in any folders leave the files that Git leaves', () => {
  const piece = fc.constantFrom(
    '*',
    '**',
    '?',
    'a',
    'b',
    'c',
    '/',
    '.js',
    'build',
    'src',
    '[ab]',
    '[!a]',
    '[a-c]',
    '\\*',
    ' ',
    '!',
    '#',
    'é',
    '.',
    ']',
    '[',
    '-',
  );
  const line = fc
    .tuple(
      fc.constantFrom('', '', '!', '/', '**/', '!/'),
      fc.array(piece, { maxLength: 5 }),
      fc.constantFrom('', '', '/', '/**', ' ', '\\ '),
    )
    .map(([start, middle, end]) => start + middle.join('') + end);
  const text = fc.array(line, { maxLength: 5 }).map((lines) => lines.join('\n'));
  const anywhere = fc.uniqueArray(fc.tuple(fc.constantFrom(...folders), text), {
    maxLength: 3,
    selector: ([folder]) => folder,
  });
  fc.assert(fc.property(anywhere, agrees), { numRuns: Number(process.env['IGNORE_RUNS'] ?? 80) });
});

test('a pattern of many stars is matched quickly', () => {
  const rules = parseIgnoreFile(`${'*a'.repeat(40)}b\n${'**/a/'.repeat(40)}b`);
  const path = Array.from({ length: 60 }, () => 'a'.repeat(250));
  assert.equal(isIgnored([{ folder: [], rules }], path, false), false);
});
