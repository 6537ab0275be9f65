/** The counts about suggestions, and deleting them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import { SuggestionFigures } from '../../../src/completion/figures.ts';

function memento(): Memento & { values: Map<string, unknown> } {
  const values = new Map<string, unknown>();
  return {
    values,
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.get(key) ?? fallback) as T,
    update: (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      return Promise.resolve();
    },
  };
}

test('the median wait, the reused part and counts are kept, and nothing else', async () => {
  const storage = memento();
  let told = 0;
  const figures = new SuggestionFigures(storage, () => told++);
  for (const [waitMs, reused] of [
    [100, 1],
    [300, 0.5],
    [200, 0.9],
  ] as const)
    figures.answered({ waitMs, reused });
  figures.shown();
  figures.accepted();
  figures.checked(true);
  figures.checked(false);
  figures.dispose();
  const expected = { answers: 3, medianWaitMs: 200, reused: 80, shown: 1, accepted: 1, kept: 1, checked: 2 };
  assert.deepEqual(figures.summary, expected);
  assert.equal(told, 7);
  assert.doesNotMatch(JSON.stringify([...storage.values]), /"[^"]*(?:file|\.ts|width)[^"]*"/);
  assert.deepEqual(new SuggestionFigures(storage, () => undefined).summary, expected, 'after a restart');
  await figures.clear();
  assert.equal(storage.values.size, 0);
  assert.equal(figures.summary.shown, 0);
});
