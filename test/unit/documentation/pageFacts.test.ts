import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { pageClosing, pageFields, pageHeader } from '../../../src/answers/pageHeader.ts';
import type { Subject } from '../../../src/code/subject.ts';
import { isStale, pageBody, pageFactsIn } from '../../../src/documentation/pageFacts.ts';

function subjectIn(fileText: string, firstLine: number, lastLine: number): Subject {
  const code = fileText
    .split('\n')
    .slice(firstLine - 1, lastLine)
    .join('\n');
  return {
    kind: 'symbol',
    name: 'Inventory.add',
    symbolKind: 'method',
    path: 'src/my_file.ts',
    languageId: 'typescript',
    firstLine,
    lastLine,
    code,
    fileText,
  };
}

const pageOf = (subject: Subject, body = '\n## Overview\n\nIt adds.\n'): string =>
  pageHeader(pageFields(subject)) + body + pageClosing({ program: 'CodeWorm', date: new Date(0) });
const text = 'one();\n\ntwo();\n  three();\nfour();\n';

describe('what a page says of itself', () => {
  test('is read from the header that we write', () => {
    const facts = pageFactsIn(pageOf(subjectIn(text, 3, 4)));
    assert.deepEqual(facts, {
      title: 'Inventory.add',
      type: 'Function Documentation',
      file: 'src/my_file.ts',
      lines: { first: 3, last: 4 },
      source: 'two();\n  three();',
    });
  });

  test('is nothing where the text is no page of ours', () => {
    for (const other of ['', '# Title\n\nText', '## Source\n\n```ts\na\n```', '# A\n\n- **File:** `a.ts`\n'])
      assert.equal(pageFactsIn(other), undefined, other);
  });

  test('is followed by what it says about the code', () => {
    const body = '\n## Overview\n\nIt adds.\n\n---\n\nMore.\n';
    assert.equal(pageBody(pageOf(subjectIn(text, 3, 4), body)), body.trim());
    assert.equal(pageBody('no page'), '');
  });
});

describe('a page', () => {
  const factsOf = (subject: Subject): NonNullable<ReturnType<typeof pageFactsIn>> =>
    pageFactsIn(pageOf(subject))!;

  test('is current while its source is anywhere in the file, with any indentation', () => {
    const facts = factsOf(subjectIn(text, 3, 4));
    for (const now of [text, `new();\n${text}`, text.replaceAll('\n', '\r\n'), '  two();\n    three();'])
      assert.equal(isStale(facts, now), false, now);
    for (const now of ['', 'two();\nfour();', text.replace('two', 'too'), 'xtwo();\n  three();'])
      assert.equal(isStale(facts, now), true, now);
  });

  test('about several declarations is current while all of them are in the file', () => {
    const subject = {
      ...subjectIn(text, 1, 1),
      also: [{ firstLine: 3, lastLine: 4, code: 'two();\n  three();' }],
    };
    const facts = pageFactsIn(pageOf(subject, '\n## Usage\n\n```ts\nexample();\n```\n'))!;
    assert.deepEqual([facts.lines, facts.furtherSources], [{ first: 1, last: 4 }, ['two();\n  three();']]);
    assert.equal(isStale(facts, text), false);
    for (const now of [text.replace('one', 'eins'), text.replace('three', 'drei')])
      assert.equal(isStale(facts, now), true);
  });

  test('with a long source is judged by as much of it as it shows', () => {
    const long = Array.from({ length: 400 }, (_, line) => `line${line}();`).join('\n');
    const facts = factsOf(subjectIn(long, 1, 400));
    assert.equal(isStale(facts, long), false);
    assert.equal(isStale(facts, long.replace('line7(', 'line_7(')), true);
  });

  test('is current right after it was written, whatever the source', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '`', '~', '#', '"', '\\', 'é', '{') });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (lines) => {
        const source = ['begin', ...lines, 'end'].join('\n');
        assert.equal(isStale(factsOf(subjectIn(source, 1, lines.length + 2)), source), false);
      }),
    );
  });
});
