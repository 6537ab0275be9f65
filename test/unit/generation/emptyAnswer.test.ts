/** Answers without text, from recordings and from bug reports. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyAnswerError } from '../../../src/generation/emptyAnswer.ts';
import type { ErrorKind } from '../../../src/ollama/index.ts';
import { loadRecordings, startRawServer, startReplay } from '../../support/double/index.ts';
import { chunked, clientFor, lastLine, line, wholeAnswer } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

const call = { function: { name: 'x', arguments: {} } };

const cases: [name: string, bytes: Buffer, kind: ErrorKind | undefined, says: RegExp][] = [
  ['an answer', chunked(wholeAnswer), undefined, /^$/],
  ['nothing', chunked(`${lastLine()}\n`), 'emptyAnswer', /"tiny" wrote nothing/],
  ['white space', chunked(`${line('\n ')}\n${lastLine()}\n`), 'emptyAnswer', /wrote nothing/],
  [
    'a call of a tool',
    chunked(`${line('', { tool_calls: [call] })}\n${lastLine()}\n`),
    'toolCallsOnly',
    /No answer came: instead of writing text, the model "tiny" called a tool \("x"\)/,
  ],
  [
    'a load',
    chunked(`${line('', { done: true, done_reason: 'load' })}\n`),
    'notGenerated',
    /only loaded the model/,
  ],
  [
    'thoughts that end by themselves',
    chunked(`${line('', { thinking: 'hm' })}\n${lastLine()}\n`),
    'thinkingOnly',
    /only thought/,
  ],
  ['thoughts and an answer', chunked(`${line('', { thinking: 'hm' })}\n${wholeAnswer}`), undefined, /^$/],
];

for (const [name, bytes, kind, says] of cases)
  test(`${name}: ${kind ?? 'fine'}`, () =>
    withoutLeaks(async () => {
      await using server = await startRawServer((socket) => void socket.write(bytes));
      await using client = clientFor(server.url);
      const error = emptyAnswerError(await client.generate({ prompt: 'x' }));
      assert.equal(error?.kind, kind);
      assert.match(error?.message ?? '', says);
    }));

for (const [name, kind] of [
  ['generate-think-length', 'thinkingOnly'],
  ['generate-suffix-empty-prompt', 'notGenerated'],
  ['generate-load-empty-prompt', 'notGenerated'],
] as const)
  test(`the recording ${name}: ${kind}`, async (t) => {
    const recording = loadRecordings().find((one) => one.name === name);
    if (!recording) return t.skip('there is no such recording yet');
    await withoutLeaks(async () => {
      await using server = await startReplay({
        ...recording,
        request: { ...recording.request, method: 'POST', path: '/api/generate', headers: {} },
      });
      await using client = clientFor(server.url);
      const error = emptyAnswerError(await client.generate({ prompt: 'x' }));
      assert.equal(error?.kind, kind);
      if (kind === 'thinkingOnly') assert.match(error?.message ?? '', /all of its 2 tokens for thinking/);
    });
  });
