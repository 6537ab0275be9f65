/** Changes of one setting in the text of a settings.json. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { settingChange } from '../../../src/chat/access/settingsText.ts';

const name = 'chat.allowAnonymousAccess';

function changed(text: string, value: unknown): string | undefined {
  const change = settingChange(text, name, value);
  return change && text.slice(0, change.at) + change.text + text.slice(change.at + change.length);
}

test('is added, changed and removed; comments and all else stay', () => {
  const set = `"${name}": true`;
  assert.equal(changed('', true), `{\n    ${set}\n}\n`);
  assert.equal(changed('{}', true), `{\n    ${set}\n}`);
  assert.equal(changed('{\n}\n', true), `{\n    ${set}\n}\n`);
  const text = '// Mine {\n{\n  // "a": 1,\n  "b": ["}", {"c": 2}], /* } */\n  "d": null,\n}\n';
  const added = changed(text, true)!;
  assert.equal(added, text.replace('\n{', `\n{\n    ${set},`));
  assert.equal(changed(added, undefined), text);
  assert.equal(changed(added, false), added.replace('true', 'false'));
  const last = `{"a": "b", ${set}}`;
  assert.equal(changed(last, false), last.replace('true', 'false'));
  assert.equal(changed(text, undefined), text);
});

test('a text that is no object is not changed', () => {
  for (const text of ['[]', '{', '{"a" 1}', '{"a": }', '{"a": 1 "b": 2}', '{a: 1}', 'x', '{"a": [}', '/* {'])
    assert.equal(changed(text, true), undefined, text);
});

test('any settings keep their values, and are the same bytes after removal', () => {
  const settings = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(settings, fc.nat({ max: 4 }), (values, spaces) => {
      const text = JSON.stringify(values, null, spaces);
      const added = changed(text, true)!;
      assert.deepEqual(JSON.parse(added), JSON.parse(JSON.stringify({ ...values, [name]: true })));
      if (!Object.hasOwn(values, name)) assert.equal(changed(added, undefined), text);
    }),
  );
});
