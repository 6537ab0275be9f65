/** What a server has to read again for a key, counted without waiting for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GenerationResult } from '../../../src/ollama/index.ts';
import type { StreamingClient } from '../../../src/completion/request.ts';
import { Suggester } from '../../../src/completion/suggester.ts';
import { Priorities } from '../../../src/generation/priorities.ts';
import { infillFormatFor } from '../../../src/completion/engine/index.ts';
import { commonPrefix, defaultTokenize, renderPrompt } from '../../support/double/tokens.ts';
import { infillModel, TypedDocument } from '../../support/suggestions.ts';

/** A server with a cache for one prompt that reads so many tokens a second. */
class Reader implements StreamingClient {
  readonly speed: number;
  seconds = 0;
  private cached: string[] = [];

  constructor(speed: number) {
    this.speed = speed;
  }

  // oxlint-disable-next-line require-yield -- the text does not matter here
  async *stream({ prompt = '', suffix = '', raw = false }: Parameters<StreamingClient['stream']>[0]) {
    const tokens = defaultTokenize(renderPrompt({ prompt, suffix, raw, system: '', history: [] }));
    this.seconds = (tokens.length - commonPrefix(tokens, this.cached)) / this.speed;
    this.cached = tokens;
    const result = { promptTokens: tokens.length, promptDurationMs: this.seconds * 1000, doneReason: 'stop' };
    return result as GenerationResult;
  }
}

const code = (from: number): string =>
  Array.from(
    { length: 90 },
    (_, index) => `  const value${from + index} = compute(first, second) + ${index};`,
  ).join('\n');

for (const speed of [150, 400, 1000, 2000, 6000]) {
  test(`at ${speed} tokens a second, a key costs at most 0.15 s of reading`, async () => {
    const reader = new Reader(speed);
    const suggester = new Suggester({
      priorities: new Priorities(),
      model: () => Promise.resolve({ name: infillModel.name, format: infillFormatFor(infillModel)! }),
      use: (work) => work(reader),
      pauseMs: () => 0,
    });
    const document = new TypedDocument(suggester, `${code(0)}\n  const sum = `, `\n\n${code(500)}\n}\n`);
    await document.suggest();
    document.type('f');
    await document.suggest();
    for (const key of ['irst + compute(', '日本', '7', '\n', '  ', 'x', ' ', '=']) {
      const before = defaultTokenize(key).length;
      document.type(key);
      await document.suggest();
      const typed = (before - 1) / speed;
      assert.ok(reader.seconds > 0 && reader.seconds - typed <= 0.15, `${key}: ${reader.seconds} s`);
    }
  });
}
