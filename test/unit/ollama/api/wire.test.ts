import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readGenerateLine } from '../../../../src/ollama/api/wire.ts';

const call = (name: unknown, args: unknown, id?: unknown) => ({ id, function: { name, arguments: args } });

test('text, thinking and calls are read where generate and chat have them', () => {
  const calls = [call('read_file', { path: 'a.ts' }, 'call_1')];
  const read = { id: 'call_1', function: { name: 'read_file', arguments: { path: 'a.ts' } } };
  for (const line of [
    { response: 'a', thinking: 'b', tool_calls: calls, done: false },
    { message: { role: 'assistant', content: 'a', thinking: 'b', tool_calls: calls }, done: false },
  ])
    assert.deepEqual(readGenerateLine(line), {
      response: 'a',
      thinking: 'b',
      toolCalls: [read],
      done: false,
    });
});

test('null, as some back ends write it, is no text', () => {
  for (const line of [
    { response: null, thinking: null, tool_calls: null, error: null, done: false },
    { message: { content: null, tool_calls: null }, done: false },
    {},
  ])
    assert.deepEqual(readGenerateLine(line), { response: '', thinking: '', toolCalls: [], done: false });
});

test('arguments may come as JSON text or be left out; a call without a name or with other arguments is garbled', () => {
  const argumentsOf = (args: unknown) =>
    readGenerateLine({ message: { tool_calls: [call('f', args)] } })?.toolCalls[0]?.function.arguments;
  assert.deepEqual(argumentsOf('{"a":1}'), { a: 1 });
  for (const none of [undefined, null, '', {}]) assert.deepEqual(argumentsOf(none), {});
  for (const bad of ['{"a":', '[1]', 'text', [1], 7, true]) assert.equal(argumentsOf(bad), undefined);
  for (const calls of [
    'x',
    { function: { name: 'f' } },
    [call('', {})],
    [call(7, {})],
    [{}],
    [null],
    [call('f', {}), 1],
  ])
    assert.equal(readGenerateLine({ message: { tool_calls: calls } }), undefined, JSON.stringify(calls));
});

test('a line whose text or end has another type is garbled, whatever it is', () => {
  const other = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.array(fc.string()),
    fc.dictionary(fc.string(), fc.string()),
  );
  fc.assert(
    fc.property(other, fc.constantFrom('response', 'thinking'), (value, field) => {
      assert.equal(readGenerateLine({ [field]: value, done: false }), undefined);
      const name = field === 'response' ? 'content' : field;
      assert.equal(readGenerateLine({ message: { [name]: value }, done: false }), undefined);
    }),
  );
  for (const done of ['true', 1, null, {}])
    assert.equal(readGenerateLine({ response: 'a', done }), undefined);
});

test('what a reader of JSON may give is a line or none, never an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => void readGenerateLine(value)),
    { numRuns: 3000 },
  );
});
