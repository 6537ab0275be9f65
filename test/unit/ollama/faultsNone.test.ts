/** Unusual responses that are no fault, and all recorded responses. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { OllamaError } from '../../../src/ollama/index.ts';
import { loadRecordings, startRawServer, type RawRequest } from '../../support/double/index.ts';
import {
  chunk,
  chunked,
  clientFor,
  fetches,
  lastChunk,
  lastLine,
  line,
  outcomeOf,
  partsOf,
  sized,
  streamHead,
  wholeAnswer,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { type Fault, two, noAnswer, text, testFaults, play } from './meetFault.ts';

const fine: Fault[] = [
  {
    name: 'two objects in one line',
    bytes: chunked(`${line('one ')}${line('{"two"}')}\n${lastLine()}\n`),
    ...text('one {"two"}'),
  },
  {
    name: 'everything in one line',
    bytes: chunked(line('one ') + line('two') + lastLine()),
    ...text('one two'),
  },
  {
    name: 'CRLF, blank lines, spaces',
    bytes: chunked(`\r\n${line('one ')}\r\n\r\n   \n${line('two')}  \r\n\n${lastLine()}\r\n`),
    ...text('one two'),
  },
  { name: 'a byte-order mark', bytes: chunked(`\ufeff${wholeAnswer}`), ...text('one two') },
  { name: 'no last line end', bytes: chunked(wholeAnswer.trimEnd()), ...text('one two') },
  {
    name: 'data after the last line',
    bytes: chunked(wholeAnswer, `${line('more')}\n`, 'garbage\n'),
    ...text('one two'),
  },
  { name: 'two last lines', bytes: chunked(wholeAnswer, `${lastLine()}\n`), ...text('one two') },
  {
    name: 'garbage in the packet of the last line',
    bytes: chunked(`${wholeAnswer}garbage\n`),
    ...text('one two'),
  },
  {
    name: 'an error after the last line',
    bytes: chunked(wholeAnswer, '{"error":"too late"}\n'),
    ...text('one two'),
  },
  {
    name: 'closed after the last line',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(wholeAnswer)]),
    ending: 'close',
    ...text('one two'),
  },
  {
    name: 'reset after the last line',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(wholeAnswer)]),
    ending: 'reset',
    ...text('one two'),
  },
  {
    name: 'never ended after the last line',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(wholeAnswer)]),
    ...text('one two'),
  },
  {
    name: 'text in the last line',
    bytes: chunked(two, lastLine({ response: ' three' })),
    ...text('one two three'),
  },
  { name: 'missing fields', bytes: chunked('{"response":"one"}\n{"done":true}\n'), ...text('one') },
  {
    name: 'fields of wrong types that only count',
    bytes: chunked(
      two,
      lastLine({
        eval_count: 'many',
        total_duration: null,
        prompt_eval_count: -3,
        model: 5,
        done_reason: {},
      }),
    ),
    ...text('one two'),
  },
  {
    name: 'numbers beyond all measure',
    bytes: chunked(
      two,
      lastLine()
        .replace('"eval_count":2', '"eval_count":1e999')
        .replace('"prompt_eval_count":10', '"prompt_eval_count":1e300'),
    ),
    ...text('one two'),
  },
  {
    name: 'unknown fields',
    bytes: chunked(line('one', { extra: { deep: [1] } }), '\n', lastLine({ logprobs: [] })),
    ...text('one'),
  },
  {
    name: 'an error that is null',
    bytes: chunked(`${line('one', { error: null })}\n${lastLine()}`),
    ...text('one'),
  },
  {
    name: 'until the connection closes',
    bytes: `HTTP/1.0 200 OK\r\n\r\n${wholeAnswer}`,
    ending: 'close',
    ...text('one two'),
  },
  { name: 'a length told', bytes: sized('200 OK', wholeAnswer), ...text('one two') },
  {
    name: 'trailers',
    bytes: Buffer.concat([chunked(wholeAnswer).subarray(0, -2), Buffer.from('X-Check: 1\r\n\r\n')]),
    ...text('one two'),
  },
  {
    name: 'chunk extensions',
    bytes: Buffer.concat([
      Buffer.from(streamHead),
      Buffer.from(chunk(wholeAnswer).toString().replace('\r\n', ';a=b\r\n')),
      Buffer.from(lastChunk),
    ]),
    ...text('one two'),
  },
  {
    name: '100 and 103 first',
    bytes: Buffer.concat([
      Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
      chunked(wholeAnswer),
    ]),
    ...text('one two'),
    builtIn: { ...noAnswer, text: '' },
  },
  {
    name: 'gzip',
    bytes: sized('200 OK', gzipSync(wholeAnswer), { 'Content-Encoding': 'gzip' }),
    ...text('one two'),
  },
  {
    name: 'deflate',
    bytes: sized('200 OK', deflateSync(wholeAnswer), { 'Content-Encoding': 'deflate' }),
    ...text('one two'),
  },
  {
    name: 'a long line that is short enough',
    bytes: chunked(two, `{"response":"${'x'.repeat(3_000_000)}"}\n`, lastLine()),
    ...text(`one two${'x'.repeat(3_000_000)}`),
  },
];
testFaults('no fault at all', fine);

for (const recording of loadRecordings()) {
  if (recording.request.path !== '/api/generate') continue;
  const bytes = recording.response.chunks.map(([, piece]) => piece).join('');
  for (const [fetchName, fetch] of fetches) {
    test(`the recording ${recording.name} ends in a result or a typed error (${fetchName})`, () =>
      withoutLeaks(async () => {
        await using server = await startRawServer((socket: Socket, _: RawRequest) =>
          play(socket, { name: '', bytes, ending: 'close' }),
        );
        await using client = clientFor(server.url, {}, partsOf(fetch));
        const { error, result, text: seen } = await outcomeOf(client.stream({ prompt: 'x' }));
        if (result) assert.equal(result.text, seen);
        else
          assert.ok(
            error instanceof OllamaError && error.kind !== 'garbled' && error.partialText === seen,
            String(error),
          );
        if (/^HTTP\/1.1 200/.test(bytes)) return;
        assert.equal((error as OllamaError).status, Number(bytes.slice(9, 12)));
      }));
  }
}
