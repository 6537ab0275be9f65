import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { buildCommitPrompt, type ChangedFile } from '../../../src/prompts/commitMessage.ts';
import { commitStyle } from '../../../src/prompts/commitStyle.ts';
import { promptTokens } from '../../../src/prompts/tokens.ts';
import { tokenCost } from '../../../src/prompts/tokens.ts';

const budget = { numCtx: 16_384, numPredict: 4_096, charsPerToken: 3 };

function change(path: string, lines: number, text = 'const value = compute();'): ChangedFile {
  const body = Array.from({ length: lines }, (_, index) => `+${text} // ${index}`);
  return { path, what: [], lines: lines === 0 ? [] : [`@@ -1,0 +1,${lines} @@`, ...body] };
}

describe('the prompt for a commit message', () => {
  test('has the changes first and the instruction last', () => {
    const { prompt, trimmed } = buildCommitPrompt({ files: [change('src/a.ts', 2)], branch: 'main' }, budget);
    assert.match(
      prompt,
      /^Branch: `main`\n\nChanges in 1 file:\n\n```diff\nFile src\/a\.ts\n@@ -1,0 \+1,2 @@\n\+const/,
    );
    assert.match(prompt, /```\n\nWrite a commit message[^]*no explanation\.$/);
    assert.equal(trimmed, undefined);
  });

  test('names files without text, and shows a name on one line', () => {
    const files: ChangedFile[] = [
      { path: 'p.png', what: ['new', 'binary'], lines: [] },
      { path: 'new name.ts', what: ['renamed from old name.ts'], lines: [] },
      { path: 'a\nb.ts', what: ['deleted'], lines: ['@@ -1 +0,0 @@', '-x'] },
    ];
    const { prompt, trimmed } = buildCommitPrompt({ files }, budget);
    assert.match(prompt, /^File p\.png \(new, binary\)\nFile new name\.ts \(renamed from old name\.ts\)$/m);
    assert.match(prompt, /^File a b\.ts \(deleted\)\n@@/m);
    assert.equal(trimmed, undefined);
  });

  test("has history, conflicts, Git's message and the user's instructions after the changes, as data", () => {
    const changes = {
      files: [change('src/a.ts', 2)],
      conflicts: ['both.ts'],
      subjects: ['feat: add a basket', 'fix(shop): count goods', 'chore: update'],
      instructions: 'Name the ticket.\nNo emoji.',
      language: 'German',
    };
    const { prompt } = buildCommitPrompt(changes, budget);
    assert.match(
      prompt,
      /```\n\nFiles with conflicts [^:]*:\n\n```text\nboth\.ts\n```\n\nThe last commits [^:]*:\n\n```text\nfeat: add a basket\nfix/,
    );
    assert.match(
      prompt,
      /wants of commit messages:\n\n```text\nName the ticket\.\nNo emoji\.\n```\n\nWrite a commit message/,
    );
    assert.match(prompt, /begin with a type such as `feat:` or `fix:`, go on with a small letter\./);
    assert.match(prompt, /Write in German\.[^\n]*$/);
    const merge = { ...changes, prepared: { text: "Merge branch 'x'", kind: 'message' as const } };
    const completed = buildCommitPrompt(merge, budget).prompt;
    assert.match(completed, /has prepared [^:]*:\n\n```text\nMerge branch 'x'\n```/);
    assert.match(completed, /Git has already written the message above/);
    assert.doesNotMatch(completed, /First line:/);
  });

  test('recognizes the style of a history', () => {
    const styleOf = (...subjects: string[]): string => commitStyle(subjects);
    assert.match(
      styleOf('ABC-1 Add a', 'ABC-22 Fix b', '[ABC-3] Do c'),
      /number of a ticket.*capital letter/,
    );
    assert.match(styleOf('net/http: add a', 'os: fix b', 'cmd/go: do c'), /part of the code.*small letter/);
    assert.match(styleOf('Add a.', 'Fix b.', 'Do c.'), /capital letter, end in a full stop\./);
    assert.doesNotMatch(styleOf('Add a', 'fix: b', 'Do c.', 'undo d'), /They/);
    assert.equal(styleOf(), '');
  });

  test('cuts the long file, not the short ones, with a note', () => {
    const files = [change('long.ts', 2_000), change('short.ts', 3), change('package-lock.json', 900)];
    const { prompt, trimmed } = buildCommitPrompt({ files }, budget);
    assert.deepEqual(trimmed, { cut: ['long.ts'], named: ['package-lock.json'], total: 3 });
    assert.match(prompt, /\n\[\.\.\. \d+ more lines of this file left out \.\.\.\]\nFile short\.ts\n@@/);
    assert.match(prompt, /compute\(\); \/\/ 2\nFile package-lock\.json\n```/);
  });

  test('lists no more files than fit', () => {
    const files = Array.from({ length: 3_000 }, (_, index) => change(`src/some/folder/file${index}.ts`, 1));
    const { prompt, trimmed } = buildCommitPrompt({ files }, budget);
    assert.match(prompt, /\[\.\.\. \d+ more files left out \.\.\.\]\n```/);
    assert.equal(trimmed?.named.length, 3_000);
  });

  test('stays within the window', () => {
    const files = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.string({ maxLength: 60 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(files, fc.integer({ min: 1024, max: 16_384 }), (list, numCtx) => {
        const changed = list.map(([lines, text], index) => change(`f${index}.ts`, lines, text));
        const own = { ...budget, numCtx };
        const { system, prompt } = buildCommitPrompt({ files: changed }, own);
        assert.ok(tokenCost(3)(system + prompt) <= promptTokens(own));
      }),
      { numRuns: 60 },
    );
  });
});
