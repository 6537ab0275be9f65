/** `npm run eval:completion`, with a double of the server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { blankedPlaces } from '../../bench/evalPlaces.ts';
import { editSimilarity } from '../../bench/evalReport.ts';
import { startDouble } from '../../support/double/index.ts';
import { infillModel } from '../../support/suggestions.ts';

const script = join(import.meta.dirname, '..', '..', 'bench', 'evalCompletion.ts');
const root = join(import.meta.dirname, '..', '..', '..');

async function evaluate(args: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', script, ...args]);
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  child.stderr.on('data', (data) => (output += String(data)));
  const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? -1)));
  return { code, output };
}

describe('the evaluation of suggestions', () => {
  test('prints exact matches, similarity, dropped and waits of both sets', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'codeworm-eval-'));
    try {
      await using double = await startDouble({ models: [infillModel], answer: () => 'return a + b' });
      const one = {
        task_id: 'a',
        prompt: 'def add(a, b):\n',
        suffix: '\n',
        canonical_solution: '    return a + b',
      };
      const other = { ...one, task_id: 'b', canonical_solution: '    return sum([a, b])' };
      const humaneval = join(folder, 'set.jsonl');
      writeFileSync(humaneval, `${JSON.stringify(one)}\n${JSON.stringify(other)}\n`);
      writeFileSync(join(folder, 'own.py'), 'def second(first, other):\n    return first + other\n');
      const { code, output } = await evaluate([
        '--url',
        double.url,
        '--model',
        infillModel.name,
        '--humaneval',
        humaneval,
        '--folder',
        folder,
      ]);
      assert.equal(code, 0, output);
      assert.match(output, /HumanEval-infilling\n +places +2\n +exact match of the first line +50\.0 %/);
      assert.match(output, /edit similarity[^]*dropped[^]*wait, median +\d+ ms[^]*90th percentile +\d+ ms/);
      assert.equal(output.match(/places/g)?.length, 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('shows what it needs', async () => {
    const { code, output } = await evaluate([]);
    assert.equal(code, 1);
    assert.match(output, /Give --model/);
  });

  test('tries the same lines for the same seed', () => {
    const folder = join(root, 'test', 'support', 'sample');
    const places = blankedPlaces(folder, 20, 7);
    assert.deepEqual(places, blankedPlaces(folder, 20, 7));
    assert.notDeepEqual(places, blankedPlaces(folder, 20, 8));
    for (const { place, expected } of places)
      assert.ok(expected.trim() !== '' && !expected.includes('\n') && place.suffix !== undefined);
  });

  test('measures similarity from 0 to 1', () => {
    assert.equal(editSimilarity('kitten', 'sitting'), 1 - 3 / 7);
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const similarity = editSimilarity(one, other);
        assert.ok(similarity >= 0 && similarity <= 1);
        assert.equal(editSimilarity(one, one), 1);
        assert.equal(similarity, editSimilarity(other, one));
      }),
    );
  });
});
