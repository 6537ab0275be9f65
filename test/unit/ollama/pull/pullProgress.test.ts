/** The progress of a pull, added up from any lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { PullProgress } from '../../../../src/ollama/index.ts';
import { PullProgressTracker } from '../../../../src/ollama/pull/pull.ts';
import type { WirePullLine } from '../../../../src/ollama/api/wire.ts';
import type { PullStep } from '../../../support/double/index.ts';

function lineOf(step: PullStep): WirePullLine {
  return { status: '', digest: '', total: 0, completed: 0, ...step };
}

const layer = (digest: string, total: number, completed: number): WirePullLine =>
  lineOf({ status: `pulling ${digest}`, digest, total, completed });

test('phases: an unknown status keeps the last one, and layers are complete once they are verified', () => {
  const tally = new PullProgressTracker();
  const phaseAfter = (status: string): string => tally.take(lineOf({ status })).phase;
  assert.equal(tally.progress.phase, 'manifest');
  assert.equal(phaseAfter('something new'), 'manifest');
  assert.equal(phaseAfter('pulling manifest'), 'manifest');
  assert.deepEqual(tally.take(layer('a', 100, 10)), {
    phase: 'downloading',
    completedBytes: 10,
    totalBytes: 100,
    resumedBytes: 10,
  });
  assert.equal(tally.take(lineOf({ status: 'half way there' })).completedBytes, 10);
  assert.deepEqual(tally.take(lineOf({ status: 'verifying sha256 digest' })), {
    phase: 'verifying',
    completedBytes: 100,
    totalBytes: 100,
    resumedBytes: 10,
  });
  assert.equal(phaseAfter('writing manifest'), 'writing');
  assert.equal(phaseAfter('removing unused layers'), 'cleaning');
  assert.equal(phaseAfter("couldn't remove unused layers: busy"), 'cleaning');
});

test('discarded bytes are subtracted, and a missing total is the earlier one', () => {
  const tally = new PullProgressTracker();
  tally.take(layer('a', 100, 40));
  assert.deepEqual([tally.take(layer('a', 0, 60)).completedBytes, tally.progress.totalBytes], [60, 100]);
  const { completedBytes, resumedBytes } = tally.take(layer('a', 100, 30));
  assert.deepEqual([completedBytes, resumedBytes], [30, 30]);
  assert.equal(tally.take(layer('a', 100, 999)).completedBytes, 100);
});

const digests = ['a', 'b', 'c'];
const size = fc.integer({ min: 0, max: 1000 });
/** A server's growing numbers for one layer. */
const growing = fc
  .tuple(fc.integer({ min: 1, max: 1000 }), fc.array(size, { maxLength: 6 }))
  .map(([total, sizes]) => ({
    total,
    sizes: sizes.map((one) => Math.min(one, total)).toSorted((x, y) => x - y),
  }));

test('tallies of any lines stay within their totals', () => {
  const anyLine = fc.record({
    status: fc.constantFrom(
      'pulling manifest',
      'pulling x',
      'verifying sha256 digest',
      'writing manifest',
      '?',
    ),
    digest: fc.constantFrom('', ...digests),
    total: size,
    completed: size,
  });
  fc.assert(
    fc.property(fc.array(anyLine), (lines) => {
      const tally = new PullProgressTracker();
      for (const line of lines) {
        const { completedBytes, totalBytes, resumedBytes } = tally.take(line);
        assert.ok(completedBytes <= totalBytes && resumedBytes <= completedBytes && resumedBytes >= 0);
      }
    }),
  );
});

test('tallies of growing layers never shrink, whatever the order of the layers', () => {
  fc.assert(
    fc.property(fc.array(growing, { maxLength: 3 }), fc.array(fc.nat()), (layers, turns) => {
      const queues = layers.map(({ total, sizes }, index) =>
        sizes.map((completed) => layer(digests[index]!, total, completed)),
      );
      const inTurn = queues.flat();
      const mixed: WirePullLine[] = [];
      for (let turn = 0; mixed.length < inTurn.length; turn++) {
        const left = queues.filter((queue) => queue.length > 0);
        mixed.push(left[(turns[turn] ?? 0) % left.length]!.shift()!);
      }
      const end = (lines: WirePullLine[]): PullProgress => {
        const tally = new PullProgressTracker();
        let before = 0;
        for (const line of lines) {
          const { completedBytes } = tally.take(line);
          assert.ok(completedBytes >= before);
          before = completedBytes;
        }
        return { ...tally.progress, phase: 'downloading' };
      };
      assert.deepEqual(end(mixed), end(inTurn));
    }),
  );
});
