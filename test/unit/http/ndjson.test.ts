/** Any values, encoded and cut anywhere, are decoded to equal values. Any other bytes cause a typed error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { OllamaError, OllamaProtocolError, type StreamEvent } from '../../../src/ollama/index.ts';
import { maxLineBytes } from '../../../src/http/garbled.ts';
import { NdjsonDecoder } from '../../../src/http/ndjson.ts';
import { startRawServer } from '../../support/double/index.ts';
import {
  chunk,
  clientFor,
  lastChunk,
  lastLine,
  outcomeOf,
  streamHead,
  written,
} from '../../support/faults.ts';
import { nextTurn, withoutLeaks } from '../../support/leaks.ts';

function decode(pieces: Uint8Array[], isWhole = true): unknown[] {
  const values: unknown[] = [];
  const decoder = new NdjsonDecoder((value) => values.push(value));
  for (const piece of pieces) decoder.push(piece);
  if (isWhole) decoder.end();
  return values;
}

/** Cuts bytes at the given offsets, in any order. */
function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const sorted = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
const object = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n', '\r\n\r\n');

test('any objects, with any line ends, cut anywhere, are decoded to equal objects', () => {
  const lines = fc.array(fc.tuple(object, lineEnd), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (pairs, places, trimmed) => {
      const encoded = pairs.map(([value, end]) => JSON.stringify(value) + end).join('');
      const bytes = Buffer.from(trimmed ? encoded.trimEnd() : encoded);
      const expected = pairs.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown);
      assert.deepEqual(decode(cutAt(bytes, places)), expected);
    }),
    { numRuns: 500 },
  );
});

test('several objects in one line are no JSON, and neither is a byte-order mark', () => {
  for (const line of ['{"a":1}{"b":2}', '{"a":1} {"b":2}', '\ufeff{"a":1}', '{"a":1}\ufeff'])
    assert.throws(() => decode([Buffer.from(`${line}\n`)]), /not JSON/, line);
});

test('any bytes end in values or in a typed error', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      object.map((value) => Buffer.from(`${JSON.stringify(value)}\n`)),
    ),
  );
  fc.assert(
    fc.property(pieces, (all) => {
      try {
        decode(all);
      } catch (error) {
        assert.ok(error instanceof OllamaProtocolError && error.kind === 'garbled');
      }
    }),
    { numRuns: 1000 },
  );
});

test('a line cut at every byte', () => {
  const line = Buffer.from(`${JSON.stringify({ response: 'naïve 😀 "quoted" \\ \n \u2028' })}\r\n`);
  const expected = [JSON.parse(line.toString())];
  for (let at = 0; at <= line.length; at++)
    assert.deepEqual(decode([line.subarray(0, at), line.subarray(at)]), expected);
  assert.deepEqual(decode(Array.from(line, (byte) => Uint8Array.of(byte))), expected);
});

test('values before an invalid line are delivered, none after it', () => {
  const values: unknown[] = [];
  const decoder = new NdjsonDecoder((value) => values.push(value));
  assert.throws(() => decoder.push(Buffer.from('{"a":1}\n{"b":2}\noops\n{"c":3}\n')), OllamaProtocolError);
  assert.deepEqual(values, [{ a: 1 }, { b: 2 }]);
});

test('an invalid character affects only its line', () => {
  const values: unknown[] = [];
  const decoder = new NdjsonDecoder((value) => values.push(value));
  const broken = Buffer.concat([Buffer.from('{"a":"\ufffd"}\n{"b":"'), Buffer.of(0xff), Buffer.from('"}\n')]);
  assert.throws(() => decoder.push(broken), /not UTF-8/);
  assert.deepEqual(values, [{ a: '\ufffd' }]);
});

test('an incomplete object at the end is not a line', () => {
  for (const end of ['{', '{"a', '{"a":1', '{"a":1}{"b', '{"a":"{}', ' {', '{"a":"\xc3'])
    assert.deepEqual(decode([Buffer.from(`{"x":0}\n${end}`, 'latin1')]), [{ x: 0 }], end);
  assert.throws(() => decode([Buffer.from('oops')]), OllamaProtocolError);
});

test('a line may be long, but not longer than 16 MiB, whole or growing', () => {
  const long = Buffer.alloc(maxLineBytes + 1, 0x20);
  assert.throws(() => decode([long]), /16 MiB/);
  assert.throws(() => decode([long.subarray(0, 1000), long.subarray(1000)]), /16 MiB/);
  const fits = Buffer.concat([
    Buffer.from('{"a":1'),
    Buffer.alloc(maxLineBytes - 100, 0x20),
    Buffer.from('}\n'),
  ]);
  assert.deepEqual(decode([fits]), [{ a: 1 }]);
});

interface Piece {
  type: 'text' | 'thinking';
  text: string;
}

const pieces = fc.array(
  fc.record({ type: fc.constantFrom<Piece['type']>('text', 'thinking'), text: text.filter((t) => t !== '') }),
  { maxLength: 6 },
);

test('any events, sent in any packets over a real connection, are decoded to equal events', () =>
  withoutLeaks(async () => {
    let packets: Uint8Array[] = [];
    await using server = await startRawServer(async (socket) => {
      socket.setNoDelay();
      for (const packet of packets) {
        await written(socket, packet);
        await nextTurn();
      }
    });
    await using client = clientFor(server.url);
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.nat(), { maxLength: 6 }), async (parts, places) => {
        const lines = parts.map(({ type, text }) =>
          JSON.stringify({
            response: type === 'text' ? text : '',
            ...(type === 'thinking' ? { thinking: text } : {}),
            done: false,
          }),
        );
        const bytes = Buffer.from([...lines, lastLine()].map((line) => `${line}\n`).join(''));
        const chunks = cutAt(bytes, places)
          .filter(({ length }) => length > 0)
          .map((part) => chunk(Buffer.from(part)));
        packets = cutAt(
          Buffer.concat([Buffer.from(streamHead), ...chunks, Buffer.from(lastChunk)]),
          places,
        ).filter(({ length }) => length > 0);
        const outcome = await outcomeOf(client.stream({ prompt: 'x' }));
        assert.equal(outcome.error, undefined);
        const got = outcome.parts.filter(
          (part): part is Extract<StreamEvent, Piece> => part.type === 'text' || part.type === 'thinking',
        );
        for (const type of ['text', 'thinking'] as const) {
          const joined = (all: { type: string; text: string }[]): string =>
            all
              .filter((part) => part.type === type)
              .map(({ text }) => text)
              .join('');
          assert.equal(joined(got), joined(parts));
          assert.equal(outcome.result?.[type], joined(parts));
        }
      }),
      { numRuns: 100 },
    );
  }));

test('any bytes as an answer end in a typed error or a result, and the client stays usable', () =>
  withoutLeaks(async () => {
    let answer: Uint8Array = new Uint8Array(0);
    await using server = await startRawServer((socket) => void socket.end(answer));
    await using client = clientFor(server.url);
    const garbage = fc.uint8Array({ maxLength: 200 });
    const asBody = garbage.map((bytes) =>
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'), bytes]),
    );
    const asChunks = garbage.map((bytes) => Buffer.concat([Buffer.from(streamHead), bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbage, asBody, asChunks), async (bytes) => {
        answer = bytes;
        const { error, result } = await outcomeOf(client.stream({ prompt: 'x' }));
        assert.ok(result ?? error instanceof OllamaError, String(error));
      }),
      { numRuns: 200 },
    );
    answer = Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${lastLine({ response: 'fine' })}\n`);
    assert.equal((await client.generate({ prompt: 'x' })).text, 'fine');
  }));
