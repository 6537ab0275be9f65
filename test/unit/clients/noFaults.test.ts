/**
 * Unusual but complete answers, for each protocol; and every recorded answer gives a result or a typed error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { OllamaError } from '../../../src/ollama/index.ts';
import {
  loadOpenAIRecordings,
  loadRecordings,
  startRawServer,
  type Recording,
} from '../../support/double/index.ts';
import { play, testFaults, text, type Fault } from '../../support/faultRun.ts';
import { chunk, chunked, lastChunk, outcomeOf, sized, streamHead } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { twoPieces, wholeOf, wires, type Wire } from '../../support/wires.ts';

const whole = text('one two');
const long = 'x'.repeat(3_000_000);

/** Text with the last piece, or after it. */
function afterTheEnd(wire: Wire): Fault[] {
  const answer = wholeOf(wire);
  const begun = Buffer.concat([Buffer.from(streamHead), chunk(answer)]);
  return [
    { name: 'no last line end', bytes: chunked(answer.trimEnd()), ...whole },
    { name: 'data after the end', bytes: chunked(answer, wire.piece('more'), 'garbage\n'), ...whole },
    { name: 'two ends', bytes: chunked(answer, wire.last()), ...whole },
    { name: 'garbage in the packet of the end', bytes: chunked(`${answer}garbage\n`), ...whole },
    { name: 'an error after the end', bytes: chunked(answer, wire.error('too late')), ...whole },
    { name: 'closed after the end', bytes: begun, ending: 'close', ...whole },
    { name: 'reset after the end', bytes: begun, ending: 'reset', ...whole },
    { name: 'never ended after the end', bytes: begun, ...whole },
    {
      name: 'text in the last piece',
      bytes: chunked(twoPieces(wire), wire.last({ text: ' three' })),
      ...text('one two three'),
    },
  ];
}

/** Fields that do not matter, or only contain a count. */
function oddFields(wire: Wire): Fault[] {
  const pieces = twoPieces(wire);
  const huge = wire
    .last()
    .replace(/("(?:eval_count|completion_tokens)":)2/, '$11e999')
    .replace(/("(?:prompt_eval_count|prompt_tokens)":)10/, '$11e300');
  return [
    { name: 'counts of wrong types', bytes: chunked(pieces, wire.last({ badCounts: true })), ...whole },
    { name: 'numbers beyond all measure', bytes: chunked(pieces, huge), ...whole },
    {
      name: 'unknown fields',
      bytes: chunked(
        wire.piece('one', { extra: { deep: [1] } }),
        '\n',
        wire.last({ extra: { logprobs: [] } }),
      ),
      ...text('one'),
    },
    {
      name: 'an error that is null',
      bytes: chunked(wire.piece('one', { error: null }) + wire.last()),
      ...text('one'),
    },
    {
      name: 'a long piece that is short enough',
      bytes: chunked(pieces, wire.piece(long), wire.last()),
      ...text(`one two${long}`),
    },
    // A stream of events may start with a byte-order mark; JSON may not.
    ...(wire.protocol === 'ollama'
      ? []
      : [{ name: 'a byte-order mark', bytes: chunked(`\ufeff${wholeOf(wire)}`), ...whole }]),
  ];
}

/** Variants of HTTP. */
function oddTransfers(wire: Wire): Fault[] {
  const answer = wholeOf(wire);
  const zipped = (bytes: Buffer, encoding: string): Buffer =>
    sized('200 OK', bytes, { 'Content-Encoding': encoding });
  return [
    {
      name: 'until the connection closes',
      bytes: `HTTP/1.0 200 OK\r\n\r\n${answer}`,
      ending: 'close',
      ...whole,
    },
    { name: 'a length told', bytes: sized('200 OK', answer), ...whole },
    {
      name: 'trailers',
      bytes: Buffer.concat([chunked(answer).subarray(0, -2), Buffer.from('X-Check: 1\r\n\r\n')]),
      ...whole,
    },
    {
      name: 'chunk extensions',
      bytes: Buffer.concat([
        Buffer.from(streamHead),
        Buffer.from(chunk(answer).toString().replace('\r\n', ';a=b\r\n')),
        Buffer.from(lastChunk),
      ]),
      ...whole,
    },
    {
      name: '100 and 103 first',
      bytes: Buffer.concat([
        Buffer.from('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'),
        chunked(answer),
      ]),
      ...whole,
    },
    { name: 'gzip', bytes: zipped(gzipSync(answer), 'gzip'), ...whole },
    { name: 'deflate', bytes: zipped(deflateSync(answer), 'deflate'), ...whole },
  ];
}

for (const wire of wires)
  for (const faults of [afterTheEnd, oddFields, oddTransfers])
    testFaults(wire, 'no fault at all', faults(wire));

const recordings: [Wire, Recording[]][] = [
  [wires[0]!, loadRecordings()],
  [wires[1]!, loadOpenAIRecordings()],
];

for (const [wire, all] of recordings) {
  for (const recording of all.filter(({ request }) => request.path === wire.path)) {
    const bytes = recording.response.chunks.map(([, piece]) => piece).join('');
    test(`${wire.name}: the recording ${recording.name} ends in a result or a typed error`, () =>
      withoutLeaks(async () => {
        await using server = await startRawServer((socket) => play(socket, { bytes, ending: 'close' }));
        await using client = wire.clientFor(server.url);
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
