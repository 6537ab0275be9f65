/** Estimates are based only on measurements. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Memento } from 'vscode';
import { ModelSpeeds } from '../../../src/models/speeds.ts';
import type { GenerationResult } from '../../../src/ollama/index.ts';

function memento(): Memento {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.get(key) ?? otherwise) as T,
    update: async (key, value) => void values.set(key, value),
  };
}

const answer = (parts: Partial<GenerationResult>): GenerationResult => ({
  text: '',
  thinking: '',
  toolCalls: [],
  model: 'a:1b',
  promptTokens: 1000,
  completionTokens: 100,
  totalTokens: 1100,
  totalDurationMs: 0,
  loadDurationMs: 0,
  promptDurationMs: 2000,
  tokensPerSecond: 20,
  doneReason: 'stop',
  numCtx: 8192,
  ...parts,
});

describe('measured speeds', () => {
  test('are those of the first answer, and follow what comes', () => {
    const speeds = new ModelSpeeds(memento());
    assert.equal(speeds.of('a:1b'), undefined);
    speeds.note(answer({}));
    assert.deepEqual(speeds.of('a:1b'), { promptPerSecond: 500, writtenPerSecond: 20 });
    speeds.note(answer({ tokensPerSecond: 40, completionTokens: 600 }), true);
    const { writtenPerSecond = 0, pageTokens } = speeds.of('a:1b') ?? {};
    assert.ok(writtenPerSecond > 20 && writtenPerSecond < 40);
    assert.equal(pageTokens, 600);
    assert.equal(speeds.of('b:1b'), undefined);
  });

  test('say nothing after answers that are too short to tell', () => {
    const speeds = new ModelSpeeds(memento());
    speeds.note(answer({ completionTokens: 3 }));
    speeds.note(answer({ promptTokens: 10 }));
    speeds.note(answer({ tokensPerSecond: 0 }));
    assert.equal(speeds.of('a:1b'), undefined);
  });

  test('answers from the cache do not make reading a hundred times as fast, later or first', () => {
    const cached = answer({ promptDurationMs: 20 });
    for (const answers of [
      [answer({}), cached, cached, cached, cached],
      [cached, cached, answer({})],
    ]) {
      const speeds = new ModelSpeeds(memento());
      for (const one of answers) speeds.note(one);
      const speed = speeds.of('a:1b')?.promptPerSecond ?? 0;
      assert.ok(speed >= 500 && speed < 900, String(speed));
    }
  });

  test('the time for reading a prompt is known after the first answer', () => {
    const speeds = new ModelSpeeds(memento());
    assert.equal(speeds.readingMs('a:1b', 250), undefined);
    speeds.note(answer({}));
    assert.equal(speeds.readingMs('a:1b', 250), 500);
  });
});
