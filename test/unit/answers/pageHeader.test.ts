import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pageClosing, pageFields, pageHeader } from '../../../src/answers/pageHeader.ts';
import type { Subject } from '../../../src/code/subject.ts';

const code =
  'class OllamaClient:\n    def close(self):\n        if self.client:\n            self.client.close()';
const subject: Subject = {
  kind: 'symbol',
  name: 'OllamaClient',
  symbolKind: 'class',
  path: 'codeworm/llm/client.py',
  languageId: 'python',
  firstLine: 11,
  lastLine: 14,
  code,
  fileText: '',
};

function typeOf(changes: Partial<Subject>): string {
  return pageFields({ ...subject, ...changes }).type;
}

describe('the head of a documentation page', () => {
  test('has the title, the fields and the source', () => {
    assert.equal(
      pageHeader(pageFields(subject, 'codeworm')),
      `# OllamaClient

- **Type:** Class Documentation
- **Repository:** codeworm
- **File:** \`codeworm/llm/client.py\`
- **Language:** Python
- **Lines:** 11-14
- **Complexity:** 2

## Source

\`\`\`python
${code}
\`\`\`

`,
    );
  });

  test('leaves out what is not known', () => {
    const page = pageHeader(pageFields({ ...subject, languageId: 'plaintext' }));
    assert.ok(!page.includes('Repository'));
    assert.ok(!page.includes('Complexity'));
  });

  test('derives the type from the subject', () => {
    assert.equal(typeOf({ symbolKind: 'method' }), 'Function Documentation');
    assert.equal(typeOf({ symbolKind: 'interface' }), 'Interface Documentation');
    assert.equal(typeOf({ symbolKind: 'namespace' }), 'Module Documentation');
    assert.equal(typeOf({ symbolKind: 'property' }), 'Code Documentation');
    assert.equal(typeOf({ kind: 'file' }), 'File Documentation');
    assert.equal(typeOf({ kind: 'selection' }), 'Code Documentation');
  });

  test('cuts a long source and says which lines are missing', () => {
    const long = Array.from({ length: 400 }, (_, index) => `x${index + 1} = 0`).join('\r\n');
    const page = pageHeader(pageFields({ ...subject, code: long, lastLine: 410 }));
    assert.ok(page.includes('x150 = 0\n```\n\n*The source is cut here: lines 161-410 left out.*\n'));
    assert.ok(!page.includes('x151'));
  });

  test('cuts a long line inside', () => {
    const page = pageHeader(pageFields({ ...subject, code: `a = 1\n${'b'.repeat(50_000)}`, lastLine: 12 }));
    assert.ok(page.includes('bbb\n```\n\n*The source is cut here: part of line 12 left out.*\n'));
  });

  test('never cuts inside a character', () => {
    const page = pageHeader(pageFields({ ...subject, code: `a${'\u{1F41B}'.repeat(10_000)}` }));
    assert.doesNotMatch(page, /\p{Surrogate}/u);
  });

  test("shows a diagram's source as text", () => {
    for (const languageId of ['mermaid', 'plantuml', 'dot', 'markdown-math'])
      assert.ok(pageHeader(pageFields({ ...subject, languageId })).includes('\n```text\nclass '));
  });

  test('keeps a source with fences inside its own', () => {
    assert.ok(
      pageHeader(pageFields({ ...subject, code: '"""\n```\n"""' })).includes(
        '````python\n"""\n```\n"""\n````\n',
      ),
    );
  });
});

test('the closing line tells program, date and time with the distance from UTC', () => {
  const closing = pageClosing({ program: 'CodeWorm', date: new Date(2026, 0, 2, 3, 4, 5) });
  assert.match(
    closing,
    /^\n---\n\n\*Written by CodeWorm on 2026-01-02 at 03:04:05 \(UTC[+-]\d\d:\d\d\)\*\n$/,
  );
});
