import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readGenerateLine, readUsualText } from '../../../../src/ollama/api/wire.ts';

/** Text as models and gateways may send it: any UTF-16, control characters and lone surrogates included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      'u',
      '0',
      'n',
      '\n',
      '\u007f',
      '\u2028',
      '\ud83d',
      'é',
      '{',
      '}',
      ',',
      ':',
    ),
  }),
);
/** Pieces from which lines that look usual are made, and lines that nearly do. */
const pieces = fc.constantFrom('{"model":"', '","created_at":"', '","response":"', '","done":false}', '","done":true}', '"', '\\', '\\"', '\\u0041', '\n', '\r', ' ', 'x', '","thinking":"'); // prettier-ignore

/** What the long way makes of a line that is nothing but text; `undefined` for any other. */
function parsed(line: string): string | undefined {
  try {
    const read = readGenerateLine(JSON.parse(line));
    const isText = read && !read.done && read.error === undefined && read.thinking === '';
    return isText ? read.response : undefined;
  } catch {
    return undefined;
  }
}

function agrees(line: string): void {
  const text = readUsualText(line);
  if (text !== undefined) assert.equal(text, parsed(line));
}

test('a usual line is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(anyText, anyText, anyText, (model, created_at, response) => {
      agrees(JSON.stringify({ model, created_at, response, done: false }));
      // Written without escaping, most of these are not JSON.
      agrees(`{"model":"${model}","created_at":"${created_at}","response":"${response}","done":false}`);
    }),
    { numRuns: 2000 },
  );
});

test('nothing that JSON.parse refuses or reads otherwise passes for a usual line', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (some) => agrees(some.join(''))),
    { numRuns: 5000 },
  );
});

test('Ollama’s lines are usual ones, unless something in them is escaped', () => {
  const line = (response: string) =>
    JSON.stringify({
      model: 'qwen2.5:7b',
      created_at: '2026-11-22T11:27:25.240016261Z',
      response,
      done: false,
    });
  for (const text of ['', ' name', 'naïve →', '🙂', '});', '`${x}`', '\u007f\u2028'])
    assert.equal(readUsualText(line(text)), text);
  for (const text of ['"', '\\', '\n', '\u0000', '\ud83d'])
    assert.equal(readUsualText(line(text)), undefined);
});

test('lines with more or other fields take the long way', () => {
  const start = '{"model":"a","created_at":"b","response":"c"';
  for (const end of [
    ',"done":true}',
    ',"thinking":"d","done":false}',
    ',"done":false,"error":"e"}',
    ',"done":false} ',
    ',"done":false}\n',
    ', "done":false}',
  ])
    assert.equal(readUsualText(start + end), undefined, end);
  assert.equal(readUsualText(`\ufeff${start},"done":false}`), undefined);
});
