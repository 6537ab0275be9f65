import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { trimSuggestion } from '../../../../src/completion/engine/index.ts';

/** A statement, or a block with statements. */
type Statement = string | { head: string; body: Statement[] };

const { statement } = fc.letrec<{ statement: Statement; block: Statement }>((tie) => ({
  block: fc.record({
    head: fc.constantFrom('if (ready(a))', 'for (const one of many)', 'while (left > 0)'),
    body: fc.array(tie('statement'), { minLength: 1, maxLength: 2 }),
  }),
  statement: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    fc.nat(5000).map((number) => `work(${number});`),
    tie('block'),
  ),
}));
const body = fc.array(statement, { minLength: 2, maxLength: 4 });

function linesOf(statements: Statement[], indentation: string, level: number): string[] {
  const margin = indentation.repeat(level);
  return statements.flatMap((one) =>
    typeof one === 'string'
      ? [margin + one]
      : [`${margin}${one.head} {`, ...linesOf(one.body, indentation, level + 1), `${margin}}`],
  );
}

const indentations = ['  ', '    ', '\t'];
const ofModels = [...indentations, '        '];

test('an answer with another indentation gets the one of the file', () => {
  fc.assert(
    fc.property(
      body,
      fc.constantFrom(...ofModels),
      fc.constantFrom(...indentations),
      fc.boolean(),
      (statements, own, wanted, crlf) => {
        const eol = crlf ? '\r\n' : '\n';
        const prefix = ['class A {', `${wanted}run() {`, wanted.repeat(2)].join(eol);
        const suffix = ['', `${wanted}}`, '}', ''].join(eol);
        const answer = [...linesOf(statements, own, 2), `${own}}`, '}'].join('\n').trimStart();
        const shown = trimSuggestion(answer, { prefix, suffix, languageId: 'typescript', multiline: false });
        assert.equal(shown, linesOf(statements, wanted, 2).join(eol).trimStart());
      },
    ),
    { numRuns: 300 },
  );
});

test('a declaration is code, also if the examined text above it starts inside a long string', () => {
  const text = 'A text with (an open bracket, and a word that is "quoted.\n'.repeat(100);
  const head = 'export function f(kind: string) {\n  switch (kind) {\n';
  const prefix = `const help = \`\n${text}\`;\n\n${head}    `;
  const suffix = '\n  }\n}\n';
  const answer =
    "case 'a':\n            return `${kind}`;\n        case 'b':\n            return 'b';\n    }\n}";
  const shown = trimSuggestion(answer, { prefix, suffix, languageId: 'typescript', multiline: true });
  assert.equal(shown, "case 'a':\n      return `${kind}`;\n    case 'b':\n      return 'b';");
});
