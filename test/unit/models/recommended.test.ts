/**
 * The models recommended to users without one: they must fit the machine, and the README must name the same.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryNeeded, proposals, proposalsFor } from '../../../src/models/recommended.ts';
import { readText } from '../../support/docs.ts';

const GB = 1e9;
const numCtx = 16_384;
const namesFor = (gigabytes: number): string[] =>
  proposalsFor(gigabytes * GB, numCtx).map(({ name }) => name.replace('qwen2.5-coder:', ''));

describe('recommended models', () => {
  test('fit into half of the memory; the one to start with needs less and comes first', () => {
    assert.deepEqual(namesFor(4), ['0.5b', '1.5b']);
    assert.deepEqual(namesFor(8), ['1.5b', '3b', '0.5b']);
    assert.deepEqual(namesFor(16), ['3b', '7b', '1.5b', '0.5b']);
    assert.deepEqual(namesFor(32).slice(0, 2), ['7b', '14b']);
    assert.deepEqual(namesFor(64).slice(0, 2), ['14b', '32b']);
  });

  test('are the smallest one when none fits, and all when the machine is unknown', () => {
    assert.deepEqual(namesFor(1), ['0.5b']);
    assert.deepEqual(proposalsFor(undefined, numCtx), proposals);
  });

  test('a smaller context window makes room for a larger model', () => {
    const largest = (size: number): string =>
      proposalsFor(24 * GB, size).toSorted((a, b) => b.downloadBytes - a.downloadBytes)[0]!.name;
    assert.deepEqual([largest(numCtx), largest(4096)], ['qwen2.5-coder:7b', 'qwen2.5-coder:14b']);
  });

  test('the README says the same about them', () => {
    const rows = readText('README.md').matchAll(
      /^\| `(qwen2\.5-coder:\S+)` \| (\d+) GB \| about (\d+) GB \|/gm,
    );
    const told = [...rows].map(([, name, download, memory]) => [name, Number(download), Number(memory)]);
    assert.ok(told.length >= 4);
    for (const [name, download, memory] of told) {
      const model = proposals.find((one) => one.name === name);
      assert.ok(model, `${name} is proposed`);
      assert.equal(Math.round(model.downloadBytes / GB), download);
      assert.equal(Math.round(memoryNeeded(model, numCtx) / GB), memory, `memory of ${name}`);
    }
  });
});
