/** The time for calls in the text of an answer grows with the text, also when a model repeats marks of calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToolTextReader } from '../../../../src/chat/provider/toolText.ts';
import { superlinearGrowth } from '../../../support/growth.ts';

const tools = [{ name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' } } } }];

/** What an answer begins with, and what it repeats. */
const answers: readonly [beginning: string, repeated: string][] = [
  ['<function=f>', '</function>'],
  ['<function=f>', '<parameter=a>x</function>'],
  ['<function=f>', '<parameter=a>x</parameter>'],
  ['<invoke name="f">', '<parameter name="a">x</invoke>'],
  ['<tool_call>f', '<arg_key>a</arg_key><arg_value>x</tool_call>'],
  ['{"name":"f","arguments":{"a":"', 'word '],
  ['', '<|channel|>commentary to=functions.f '],
];

function read(text: string): void {
  const reader = new ToolTextReader(tools);
  for (let at = 0; at < text.length; at += 4) reader.add(text.slice(at, at + 4));
  reader.finish();
}

for (const [beginning, repeated] of answers)
  test(`an answer of ${JSON.stringify(beginning)} and many ${JSON.stringify(repeated)}`, () => {
    const make = (length: number): string => beginning + repeated.repeat(length / repeated.length);
    assert.equal(superlinearGrowth(read, make, 16_384), undefined);
  });
