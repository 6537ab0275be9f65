/** Any stream, cut anywhere, is decoded as in the HTML standard. Any other bytes cause a typed error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OllamaProtocolError } from '../../../src/ollama/index.ts';
import { maxLineBytes } from '../../../src/http/garbled.ts';
import { ServerSentEventDecoder, type ServerSentEvent } from '../../../src/http/serverSentEvents.ts';

function decode(pieces: Uint8Array[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const decoder = new ServerSentEventDecoder((event) => events.push(event));
  for (const piece of pieces) decoder.push(piece);
  decoder.end();
  return events;
}

const decodeText = (text: string): ServerSentEvent[] => decode([Buffer.from(text)]);

/** Cuts bytes at the given offsets, in any order. */
function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length));
}

/** The steps of the standard (9.2.6), applied to a whole text. */
function reference(stream: string): ServerSentEvent[] {
  const text = stream.startsWith('\ufeff') ? stream.slice(1) : stream;
  const events: ServerSentEvent[] = [];
  let data = '';
  let type = '';
  for (let at = 0; at < text.length;) {
    const end = text.slice(at).search(/[\r\n]/);
    if (end < 0) break;
    const line = text.slice(at, at + end);
    at += end + (text.startsWith('\r\n', at + end) ? 2 : 1);
    if (line === '') {
      if (data !== '') events.push({ event: type === '' ? 'message' : type, data: data.slice(0, -1) });
      data = '';
      type = '';
      continue;
    }
    if (line.startsWith(':')) continue;
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') data += `${value}\n`;
    if (field === 'event') type = value;
  }
  return events;
}

const word = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
const line = fc.oneof(
  { weight: 4, arbitrary: word.map((text) => `data: ${text}`) },
  word.map((text) => `data:${text}`),
  fc.constant('data'),
  word.map((text) => `event: ${text}`),
  word.map((text) => `: ${text}`),
  word.map((text) => `id: ${text}`),
  word.map((text) => `unknown: ${text}`),
  word,
);
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const lines = fc.array(fc.tuple(fc.oneof({ weight: 2, arbitrary: line }, fc.constant('')), lineEnd), {
  maxLength: 24,
});
const places = fc.array(fc.nat(), { maxLength: 16 });

test('any lines, with any line ends, cut anywhere, are read as the standard says', () => {
  fc.assert(
    fc.property(lines, places, fc.boolean(), fc.boolean(), (pairs, cuts, hasMark, isCutOff) => {
      const whole = (hasMark ? '\ufeff' : '') + pairs.map((pair) => pair.join('')).join('');
      const stream = isCutOff ? whole.slice(0, -1).toWellFormed() : whole;
      assert.deepEqual(decode(cutAt(Buffer.from(stream), cuts)), reference(stream));
    }),
    { numRuns: 1000 },
  );
});

test('any bytes at all end in events or in an error that is typed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), places, (bytes, cuts) => {
      try {
        decode(cutAt(bytes, cuts));
      } catch (error) {
        assert.ok(error instanceof OllamaProtocolError && error.kind === 'garbled', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('the examples of the standard', () => {
  const message = (data: string): ServerSentEvent => ({ event: 'message', data });
  assert.deepEqual(decodeText('data: YHOO\ndata: +2\ndata: 10\n\n'), [message('YHOO\n+2\n10')]);
  assert.deepEqual(
    decodeText(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n'),
    [message('first event'), message('second event')],
  );
  assert.deepEqual(decodeText('data\n\ndata\ndata\n\ndata:'), [message(''), message('\n')]);
  assert.deepEqual(decodeText('data:test\n\ndata: test\n\n'), [message('test'), message('test')]);
  assert.deepEqual(decodeText('event: error\r\ndata: x\r\n\r\n'), [{ event: 'error', data: 'x' }]);
});

test('a mark, a line end and a character that are cut in two are read as whole', () => {
  const stream = Buffer.from('\ufeff: hi\r\n\r\ndata: naïve 😀\r\n\r\n');
  const bytes = [...stream].map((byte) => Buffer.of(byte));
  assert.deepEqual(decode(bytes), [{ event: 'message', data: 'naïve 😀' }]);
});

test('what comes before bytes that are not UTF-8 is delivered', () => {
  const events: ServerSentEvent[] = [];
  const decoder = new ServerSentEventDecoder((event) => events.push(event));
  const bad = Buffer.concat([
    Buffer.from('data: a\r\n\r\ndata: '),
    Buffer.from([0xc3, 0x28]),
    Buffer.from('\n\n'),
  ]);
  assert.throws(() => decoder.push(bad), /a line is not UTF-8/);
  assert.deepEqual(events, [{ event: 'message', data: 'a' }]);
});

test('a line that never ends, and an event that never ends, are refused', () => {
  const part = Buffer.alloc(maxLineBytes / 4, 'x');
  assert.throws(() => decode(Array.from({ length: 5 }, () => part)), /16 MiB/);
  const line = Buffer.concat([Buffer.from('data:'), part, Buffer.from('\n')]);
  assert.throws(() => decode(Array.from({ length: 5 }, () => line)), /16 MiB/);
});
