import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings, OllamaClient } from '../../../src/ollama/index.ts';

/** Most stack frames of ours between a method and `fetch`, one of them for the method itself. */
const mostFrames = 10;

test('there are at most ten frames of ours from streamWithRetry to fetch', async () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 100;
  let stack = '';
  const client = new OllamaClient(
    { ...defaultSettings, model: 'tiny' },
    {
      fetch: async () => {
        stack = new Error('here').stack ?? '';
        throw Object.assign(new Error('not sent'), { code: 'EPROTO' });
      },
    },
  );
  try {
    await assert.rejects(async () => {
      for await (const event of client.streamWithRetry({ prompt: 'x' })) assert.equal(event.type, 'phase');
    });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    await client.close();
  }
  const frames = stack.split('\n').filter((line) => /[\\/]src[\\/]/.test(line));
  // V8 shows the asynchronous callers. The method that created the stream has returned before it began.
  assert.ok(frames.length >= 5, stack);
  assert.ok(frames.length + 1 <= mostFrames, stack);
});
