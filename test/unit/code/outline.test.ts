import assert from 'node:assert/strict';
import { test } from 'node:test';
import { symbolAt } from '../../../src/code/outline.ts';
import type { OutlineSymbol, SymbolRange } from '../../../src/code/outline.ts';

function place([line, character]: [number, number]): SymbolRange {
  return { line, character };
}

function symbol(kind: string, name: string, from: [number, number], to: [number, number]): OutlineSymbol {
  return { kind, name, start: place(from), end: place(to) };
}

const outline = [
  symbol('Class', 'Client', [0, 7], [20, 1]),
  symbol('Property', 'name', [1, 2], [1, 20]),
  symbol('Method', 'send', [3, 2], [9, 3]),
  symbol('Constant', 'options', [4, 4], [8, 5]),
  symbol('Property', 'onData', [11, 2], [15, 3]),
  symbol('Method', 'a', [17, 2], [17, 20]),
  symbol('Method', 'b', [17, 22], [17, 40]),
  symbol('Constant', 'limit', [22, 6], [22, 20]),
  symbol('Function', 'main', [24, 0], [30, 1]),
];

function nameAt(line: number, character: number, symbols = outline): string | undefined {
  return symbolAt(symbols, { line, character })?.name;
}

test('the innermost class or function at the position', () => {
  assert.equal(nameAt(2, 0), 'Client');
  assert.equal(nameAt(3, 8), 'send');
  assert.equal(nameAt(25, 4), 'main');
  assert.equal(nameAt(40, 0), undefined);
  assert.equal(nameAt(0, 0, []), undefined);
});

test('small values are not symbols of their own', () => {
  assert.equal(nameAt(1, 4), 'Client');
  assert.equal(nameAt(22, 8), undefined);
});

test('a value of several lines counts outside functions and not inside them', () => {
  assert.equal(nameAt(12, 5), 'onData');
  assert.equal(nameAt(6, 5), 'send');
});

test('the first and the last line belong to a symbol from end to end', () => {
  assert.equal(nameAt(0, 0), 'Client');
  assert.equal(nameAt(20, 9), 'Client');
});

test('symbols on one line are distinguished by the column', () => {
  assert.equal(nameAt(17, 5), 'a');
  assert.equal(nameAt(17, 30), 'b');
  assert.equal(nameAt(17, 21), 'Client');
});

test('the order of the outline does not matter', () => {
  for (const [line, character] of [
    [2, 0],
    [3, 8],
    [6, 5],
    [12, 5],
    [17, 30],
  ] as const) {
    assert.equal(nameAt(line, character, outline.toReversed()), nameAt(line, character));
  }
});
