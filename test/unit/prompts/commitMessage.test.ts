import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { buildCommitPrompt, commitMessageIn } from '../../../src/prompts/commitMessage.ts';
import { promptTokens } from '../../../src/prompts/tokens.ts';
import { tokenCost } from '../../../src/prompts/tokens.ts';

const budget = { numCtx: 16_384, numPredict: 4_096, charsPerToken: 3 };

function change(path: string, lines: number, text = 'const value = compute();'): string {
  const body = Array.from({ length: lines }, (_, index) => `+${text} // ${index}`).join('\n');
  return `diff --git a/${path} b/${path}\nindex 1..2 100644\n--- a/${path}\n+++ b/${path}\n@@ -1,0 +1,${lines} @@\n${body}\n`;
}

describe('the prompt for a commit message', () => {
  test('has the changes first and the instruction last', () => {
    const { prompt, trimmed } = buildCommitPrompt({ diff: change('src/a.ts', 2), branch: 'main' }, budget);
    assert.match(
      prompt,
      /^Branch: `main`\n\nChanges in 1 file:\n\n```diff\nFile src\/a\.ts\n@@ -1,0 \+1,2 @@\n\+const/,
    );
    assert.match(prompt, /```\n\nWrite a commit message[^]*no explanation\.$/);
    assert.equal(trimmed, undefined);
  });

  test('names what has no text: binary files, renames, new and deleted ones', () => {
    const diff = [
      'diff --git a/p.png b/p.png\nnew file mode 100644\nindex 0..1\nBinary files /dev/null and b/p.png differ',
      'diff --git a/old name.ts b/new name.ts\nsimilarity index 100%\nrename from old name.ts\nrename to new name.ts',
      'diff --git a/gone.ts b/gone.ts\ndeleted file mode 100644\n--- a/gone.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-x',
      'diff --git a/x.bin b/x.bin\nindex 0..1\nBinary files a/x.bin and b/x.bin differ\n',
    ].join('\n');
    const { prompt, trimmed } = buildCommitPrompt({ diff }, budget);
    assert.match(prompt, /^File p\.png \(new, binary\)$/m);
    assert.match(prompt, /^File new name\.ts \(renamed from old name\.ts\)$/m);
    assert.match(prompt, /^File gone\.ts \(deleted\)\n@@/m);
    assert.match(prompt, /^File x\.bin \(binary\)$/m);
    assert.doesNotMatch(prompt, /differ/);
    assert.equal(trimmed, undefined);
  });

  test('cuts the long file, not the short ones, and says so', () => {
    const diff = change('long.ts', 2_000) + change('short.ts', 3) + change('package-lock.json', 900);
    const { prompt, trimmed } = buildCommitPrompt({ diff }, budget);
    assert.deepEqual(trimmed, { cut: ['long.ts'], named: ['package-lock.json'], total: 3 });
    assert.match(prompt, /\n\[\.\.\. \d+ more lines of this file left out \.\.\.\]\nFile short\.ts\n@@/);
    assert.match(prompt, /compute\(\); \/\/ 2\nFile package-lock\.json\n```/);
  });

  test('lists no more files than fit', () => {
    const diff = Array.from({ length: 3_000 }, (_, index) =>
      change(`src/some/folder/file${index}.ts`, 1),
    ).join('');
    const { prompt, trimmed } = buildCommitPrompt({ diff }, budget);
    assert.match(prompt, /\[\.\.\. \d+ more files left out \.\.\.\]\n```/);
    assert.equal(trimmed?.named.length, 3_000);
  });

  test('stays within the window', () => {
    const files = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.string({ maxLength: 60 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(files, fc.integer({ min: 1024, max: 16_384 }), (list, numCtx) => {
        const diff = list.map(([lines, text], index) => change(`f${index}.ts`, lines, text)).join('');
        const own = { ...budget, numCtx };
        const { system, prompt } = buildCommitPrompt({ diff }, own);
        assert.ok(tokenCost(3)(system + prompt) <= promptTokens(own));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the commit message in an answer', () => {
  const message = 'Add a basket\n\nIt keeps what will be bought.';
  const wrappings: Record<string, string> = {
    bare: message,
    'with a fence': `\`\`\`\n${message}\n\`\`\``,
    'with an introduction and a fence': `Here is the commit message:\n\n\`\`\`text\n${message}\n\`\`\`\nIt is short because...`,
    'with an introduction': `Sure! Here's a commit message for these changes:\n\n${message}\n`,
    'with a label': `Commit message: ${message}`,
    'with a bold subject and a full stop': message.replace('Add a basket', '**Add a basket.**'),
    'with quotation marks': message.replace('Add a basket', '"Add a basket"'),
    'as a heading': `# ${message}`,
    'after thinking': `<think>\nThe user wants\n\nSecret plan\n</think>\n\n${message}`,
    'after thinking without a beginning': `Secret plan\n</think>\n${message}`,
    'with Windows line ends': message.replaceAll('\n', '\r\n'),
  };
  for (const [name, answer] of Object.entries(wrappings))
    test(`${name} is the message alone`, () => assert.equal(commitMessageIn(answer, true), message));

  test('keeps what only looks like wrapping', () => {
    for (const own of [
      'Here: fix the label',
      'Okay button closes the dialog',
      'Don\'t say "no"',
      'Use `let` in `for`',
    ])
      assert.equal(commitMessageIn(own, true), own);
  });

  test('shows no thought and no wrapping while it is being written', () => {
    const answer = `<think>Secret plan: ${message}</think>Here is the commit message:\n\`\`\`\n${message}\n\`\`\``;
    for (let length = 0; length <= answer.length; length++) {
      const shown = commitMessageIn(answer.slice(0, length), false);
      assert.doesNotMatch(shown, /Secret|think|`|Here|</, shown);
    }
    assert.equal(commitMessageIn(answer, true), message);
  });

  test('grows while it is being written', () => {
    assert.equal(commitMessageIn('Add a bas', false), 'Add a bas');
    assert.equal(commitMessageIn('Add a basket\n\nIt ke', false), 'Add a basket\n\nIt ke');
  });

  test('goes on below a first line that is too long', () => {
    const long = `${'Put many goods into the basket '.repeat(4)}at once`;
    const [subject = '', blank, body = ''] = commitMessageIn(`${long}\n\nBecause.`, true).split('\n');
    assert.match(subject, /^Put many goods .*[a-z]…$/);
    assert.equal(blank, '');
    assert.match(body, /^…/);
    assert.ok(commitMessageIn(`${long}\n\nBecause.`, true).endsWith('at once\n\nBecause.'));
  });

  test('has no first line above 72 characters, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 120 }), { maxLength: 5 }),
        fc.boolean(),
        (lines, complete) => {
          const [subject = ''] = commitMessageIn(lines.join('\n'), complete).split('\n');
          assert.ok(subject.length <= 72, subject);
        },
      ),
    );
  });
});
