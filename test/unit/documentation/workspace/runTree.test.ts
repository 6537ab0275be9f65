/** The states of pages in the tree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  RunTree,
  statusOfState,
  type ShownSubject,
} from '../../../../src/documentation/workspace/runTree.ts';

const subject = (symbol: string): ShownSubject => ({
  path: 'src/a.ts',
  symbol,
  kind: 'function',
  lines: { start: 0, end: 9 },
});

test('pages move from group to group, and keep their path', () => {
  const tree = new RunTree(
    ['one', 'two', 'three'].map((name) => ({ subject: subject(name), status: 'waiting' })),
  );
  assert.deepEqual(tree.groups, [{ status: 'waiting', count: 3 }]);
  tree.note(subject('two'), 'writing');
  tree.note(subject('one'), 'written', 'docs/one.md');
  tree.note(subject('three'), 'failed', undefined, 'no memory');
  assert.deepEqual(tree.groups, [
    { status: 'failed', count: 1 },
    { status: 'writing', count: 1 },
    { status: 'done', count: 1 },
  ]);
  assert.deepEqual(tree.pagesOf('done'), [{ subject: subject('one'), status: 'done', page: 'docs/one.md' }]);
  assert.equal(tree.pagesOf('failed')[0]?.reason, 'no memory');
  tree.note(subject('one'), 'writing');
  assert.equal(tree.pagesOf('writing').find((page) => page.subject.symbol === 'one')?.page, 'docs/one.md');
  tree.note(subject('three'), 'written', 'docs/three.md');
  assert.equal(tree.pagesOf('done')[0]?.reason, undefined);
});

test('a page whose new text waits for a review is an edited page', () => {
  const tree = new RunTree([]);
  tree.note(subject('one'), 'proposed', 'docs/one.md');
  tree.note(subject('two'), 'skipped', 'docs/two.md');
  assert.deepEqual(
    tree.groups.map(({ status }) => status),
    ['edited', 'done'],
  );
});

test('every state of a page has its group', () => {
  assert.deepEqual(
    (['missing', 'stale', 'current', 'edited', 'failed', 'gone'] as const).map(statusOfState),
    ['waiting', 'stale', 'done', 'edited', 'failed', 'gone'],
  );
});
