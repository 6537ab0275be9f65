/** Compares the test double in llama-server's protocol with every recording of a real one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertConforms } from '../../support/double/conformance.ts';
import { loadOpenAIRecordings, recordedKey, startDouble } from '../../support/double/index.ts';
import { recordedAnswer, sendOverWire } from '../../support/double/wireClient.ts';

/** Six tokens, which most of the recordings have requested, and more. */
const answer = (): string[] => Array.from({ length: 80 }, (_, index) => ` ${index}`);

const recordings = loadOpenAIRecordings();

test('there are recordings to compare with', () => assert.ok(recordings.length >= 37));

for (const recording of recordings) {
  // A client that disconnects cannot be replayed by a server.
  if (recording.name === 'chat-client-closes') continue;
  test(`${recording.name} as the real server answers it`, async () => {
    await using double = await startDouble({
      protocol: 'openai',
      apiKey: recordedKey,
      defaultNumCtx: 1024,
      answer,
    });
    const actual = await sendOverWire(double.url, recording.request);
    // The paths of the server's machine were removed from one recording, so it is shorter than its size says.
    const complete = recording.name === 'props' ? { complete: true } : {};
    assertConforms(actual, { ...recordedAnswer(recording), ...complete }, { extrasAllowed: false });
  });
}
