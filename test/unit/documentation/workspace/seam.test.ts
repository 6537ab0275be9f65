import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWholeAt } from '../../../../src/documentation/workspace/seam.ts';

const isWhole = (written: string, rest: string): boolean => isWholeAt(written, written + rest);
const page = `## Purpose

It adds two numbers, and that is all.

### Parameters

- one: the first number

## Usage

### Parameters

| name | value |
| ---- | ----- |
| number | number |
| not set | not set |

- value: value
- value
`;

test('a continued answer is whole at every place where it may have been interrupted', () => {
  for (let length = 0; length <= page.length; length++)
    assert.equal(isWhole(page.slice(0, length), page.slice(length)), true, page.slice(0, length));
});

test('doubled words and headings are traces of an interruption', () => {
  assert.equal(isWhole('## Purpose\n\nIt adds two numbers', ' numbers, and that is all.'), false);
  assert.equal(isWhole('## Purpose\n\nIt adds two numbers', 'It adds two numbers, and that is all.'), false);
  assert.equal(isWhole('## Purpose\n\nIt adds a', ' a number.'), true);
  assert.equal(isWhole('## Purpose\n\nIt adds', '\n\n## Purpose\n\nIt adds.'), false);
  assert.equal(isWhole('## Purpose\n\nIt', page), false);
});
