/**
 * Every streamed recording of a real server, cut beside its line ends and after every seventh byte of its raw
 * response, the first recording of each path after every byte of its start and end; closed (FIN) and reset (RST),
 * over real sockets. The error is typed, the partial text is that of the complete lines received, and nothing
 * leaks.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CutThread } from '../../support/cutter.ts';
import { loadOpenAIRecordings, loadRecordings, type Recording } from '../../support/double/index.ts';

const threads = [new CutThread('close'), new CutThread('reset')];
after(() => Promise.all(threads.map((thread) => thread.end())));

const ofOllama = loadRecordings().filter(
  ({ request, response }) =>
    /^\/api\/(?:generate|chat)$/.test(request.path) &&
    /^HTTP\/1.1 200.*x-ndjson/s.test(response.chunks[0]?.[1] ?? ''),
);
/** The others consist of the same events. */
const ofLlamaServer = loadOpenAIRecordings().filter(({ name }) =>
  ['chat-stream', 'chat-stream-without-usage'].includes(name),
);
const streamed = [...ofOllama, ...ofLlamaServer];

test('there are streamed recordings of both protocols to cut', () =>
  assert.ok(ofOllama.length >= 10 && ofLlamaServer.length === 2));

const wholePaths = new Set<string>();

for (const recording of streamed) {
  const density = wholePaths.has(recording.request.path) ? 'some bytes' : 'every byte';
  wholePaths.add(recording.request.path);
  test(`${recording.request.path}, ${recording.name}, closed and reset at ${density}`, async () => {
    const bytes = bytesOf(recording);
    const counts = await Promise.all(threads.map((thread) => thread.cutEverywhere(bytes, density)));
    assert.deepEqual(counts, [bytes.length, bytes.length]);
  });
}

function bytesOf(recording: Recording): Buffer {
  return Buffer.from(recording.response.chunks.map(([, text]) => text).join(''));
}
