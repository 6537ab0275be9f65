import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { trimSuggestion } from '../../../../src/completion/engine/index.ts';

const cursor = '▮';
const folder = join(import.meta.dirname, 'trimCases');

interface TrimCase {
  name: string;
  flags: string[];
  file: string;
  model: string;
  shown: string;
}

/**
 * The format of a case: `=== name [flags]`, the file with its cursor, `--- model` and the model's text, then
 * `--- shown` and the expected text, `--- show exactly` and the expected text as JSON, or `--- nothing`. A
 * flag is `multiline`, `crlf` or a language id. By default the language is in the name of the cases' file.
 */
function casesOf(text: string): TrimCase[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.replace(/\n$/, '').split('\n');
      const [file = '', model = '', kind = '', shown = ''] = lines
        .join('\n')
        .split(/^--- (?:model\n|(shown|show exactly|nothing)(?:\n|$))/m)
        .filter((part) => part !== undefined);
      const [, name = '', flags = ''] = /^(.*?)(?: \[(.*)\])?$/.exec(head)!;
      const expected =
        kind === 'show exactly' ? (JSON.parse(shown) as string) : kind === 'shown' ? shown : '';
      return {
        name,
        flags: flags.split(' '),
        file: file.replace(/\n$/, ''),
        model: model.replace(/\n$/, ''),
        shown: expected,
      };
    });
}

let count = 0;
for (const file of readdirSync(folder).toSorted()) {
  describe(`what is shown of an answer: ${basename(file, '.txt')}`, () => {
    for (const { name, flags, file: text, model, shown } of casesOf(
      readFileSync(join(folder, file), 'utf8'),
    )) {
      count += 1;
      const languageId =
        flags.find((flag) => !['', 'multiline', 'crlf'].includes(flag)) ?? basename(file, '.txt');
      test(name, () => {
        const [prefix = '', suffix = ''] = (
          flags.includes('crlf') ? text.replaceAll('\n', '\r\n') : text
        ).split(cursor);
        const context = { prefix, suffix, languageId, multiline: flags.includes('multiline') };
        assert.equal(trimSuggestion(model, context), shown);
        assert.equal(trimSuggestion(shown, context), shown, 'twice');
      });
    }
  });
}

test('there are at least 120 of them', () => assert.ok(count >= 120, String(count)));
