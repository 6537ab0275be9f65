/** Plain English in comments, test names and configuration, and test files that are not too long. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { commentsIn, testNamesIn } from '../support/comments.ts';
import { readStrings, root } from '../support/docs.ts';

/** Idioms that a reader must read twice, and metaphors for structure, each with a plain replacement. */
const idioms: [pattern: RegExp, instead: string][] = [
  [/\banew\b/, 'again'],
  [/\bwho(?:m?ever)\b/, 'the user, the caller, the server ...'],
  [/\b(?:some|any)body\b/, 'the user, the caller, another program ...'],
  [/\bhand(?:s|ed|ing)? out\b/, 'deliver, pass on, return'],
  [/\bsa(?:ys?|id) so\b/, 'shows a message, reports it'],
  [/\b(?:leading |trailing )?blanks (?:and|or|before|at|do|are|in)\b/, 'spaces, white space'],
  [/\bcomes? of it\b|\bgoes? along\b|\bwhat is more\b|\bin the midst\b/, 'say what happens'],
  [/\b(?:stands|stood)\b/, 'is'],
  [/\bgo(?:es)? on\b/, 'continues'],
  [/\bshall\b/, 'must, should'],
  [/\bthoughts\b/, 'thinking'],
  [/\bbr(?:eaks?|oke|oken) off\b/, 'ends early, is interrupted'],
  [/\bthinks? aloud\b|\bpoliteness\b|\bat work\b|\bin force\b/, 'thinking, chatter, running, in effect'],
  [/\blook(?:s|ed|ing)? (?:at|into)\b|\b(?:a|one|last|next|first) looks?\b/, 'read, check, search, probe'],
  [/\bin the hands of\b|\bwithout a word\b|\bof the user's word\b/, 'say who does what'],
  [/\b(?:house|doors?|walls?|ladder|rope)\b/, 'project, entry point, boundary, steps, text'],
  [/\bthe user's document\b|\bDESIGN\.md\b/, 'state the fact'],
];

/** Files whose texts are data for tests, written by models or in other languages. */
const data = /support\/(?:sample|recordings)\/|(?:Cases|hostileMarkdown|fragments|samples)\.ts$/;
const sources = globSync(['{src,test}/**/*.{ts,mjs}', 'esbuild.mjs'], { cwd: root })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !data.test(path) && path !== 'test/unit/style.test.ts');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function faultsIn(path: string, texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    idioms
      .filter(([pattern]) => pattern.test(text))
      .map(([pattern, instead]) => `${path}: "${pattern.exec(text)![0]}" in "${text}": ${instead}`),
  );
}

describe('plain English', () => {
  test('in comments', () => {
    assert.deepEqual(
      sources.flatMap((path) => faultsIn(path, commentsIn(read(path)))),
      [],
    );
  });

  test('in test names', () => {
    const tests = sources.filter((path) => path.endsWith('.test.ts'));
    assert.deepEqual(
      tests.flatMap((path) => faultsIn(path, testNamesIn(read(path)))),
      [],
    );
  });

  test('in the configuration and in CONTRIBUTING', () => {
    const files = ['.oxlintrc.json', '.ci/run', 'package.json', 'CONTRIBUTING.md'];
    assert.deepEqual(
      files.flatMap((path) => faultsIn(path, read(path).split('\n'))),
      [],
    );
  });

  test('in texts for users', () => {
    const titles = readStrings();
    // Of a stream, "broke off" is a usual expression.
    const messages = Object.keys(JSON.parse(read('media/l10n/bundle.l10n.de.json')) as object).map((text) =>
      text.replace('broke off', 'ended'),
    );
    assert.deepEqual(
      [
        ...faultsIn('package.nls.json', Object.values(titles)),
        ...faultsIn('messages', messages),
        ...['README.md', 'CHANGELOG.md'].flatMap((path) => faultsIn(path, read(path).split('\n'))),
      ],
      [],
    );
  });

  test('comments and test names are found', () => {
    const source = "/** One\n * two. */\nconst a = '// no'; // three\ntest('four', () => `/* ${a} */`);\n";
    assert.deepEqual(commentsIn(source), ['/** One two. */', '// three']);
    assert.deepEqual(testNamesIn(source), ['four']);
    assert.equal(faultsIn('a.ts', ['It stands here anew.']).length, 2);
  });
});

test('no test file has more than 300 lines', () => {
  const tests = sources.filter((path) => path.startsWith('test/'));
  const long = tests.map((path) => [path, read(path).trimEnd().split('\n').length] as const);
  assert.deepEqual(
    long.filter(([, lines]) => lines > 300),
    [],
  );
});
