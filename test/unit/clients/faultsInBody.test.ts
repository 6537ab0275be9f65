/**
 * What can go wrong with a streamed answer, for each protocol: cut, failed, unreadable, too long, compressed.
 */
import { gzipSync } from 'node:zlib';
import {
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaProtocolError,
} from '../../../src/ollama/index.ts';
import { cut, garbled, testFaults, type Fault } from '../../support/faultRun.ts';
import { chunk, chunked, sized, streamHead } from '../../support/faults.ts';
import { twoPieces, wholeOf, wires, type Wire } from '../../support/wires.ts';

const html = '<!doctype html>\n<html><body>Welcome to the hotel network</body></html>\n';
const big = 17 * 1024 * 1024;
const two = { text: 'one two' };
const begun = (...bytes: (string | Buffer)[]): Buffer =>
  Buffer.concat([Buffer.from(streamHead), ...bytes.map(chunk)]);

const withoutText: readonly Fault[] = [
  { name: '200 without a body', bytes: sized('200 OK', ''), ...cut },
  { name: '200 with HTML', bytes: sized('200 OK', html, { 'Content-Type': 'text/html' }), ...garbled },
  { name: '200 with HTML in one line', bytes: sized('200 OK', html.replaceAll('\n', '')), ...garbled },
  { name: 'closed after the headers', bytes: streamHead, ending: 'close', ...cut },
  { name: 'reset after the headers', bytes: streamHead, ending: 'reset', ...cut },
  {
    name: 'a chunk that is none',
    bytes: Buffer.concat([Buffer.from(streamHead), Buffer.from('zz\r\nhello\r\n')]),
    ending: 'close',
    ...cut,
  },
];

/** Cut between two pieces, and inside one. */
function cutOff(wire: Wire): Fault[] {
  const pieces = twoPieces(wire);
  const third = wire.piece('three');
  const half = third.slice(0, 60);
  return [
    { name: 'closed between pieces', bytes: begun(pieces), ending: 'close', ...cut, ...two },
    { name: 'reset between pieces', bytes: begun(pieces), ending: 'reset', ...cut, ...two },
    { name: 'closed in a piece', bytes: begun(pieces + half), ending: 'close', ...cut, ...two },
    {
      name: 'closed after a piece without its end',
      bytes: begun(pieces + third.trimEnd()),
      ending: 'close',
      ...cut,
      ...two,
    },
    { name: 'ended without a last piece', bytes: chunked(pieces), ...cut, ...two },
    { name: 'ended in a piece', bytes: chunked(pieces, half), ...cut, ...two },
    { name: 'ended in a piece, a length told', bytes: sized('200 OK', pieces + half), ...cut, ...two },
    {
      name: 'ended in a piece, until the connection closes',
      bytes: `HTTP/1.0 200 OK\r\n\r\n${pieces}${half}`,
      ending: 'close',
      ...cut,
      ...two,
    },
    {
      name: 'shorter than told',
      bytes: sized('200 OK', pieces, { 'Content-Length': '9000' }),
      ending: 'close',
      ...cut,
      ...two,
    },
  ];
}

/** The server reports an error in the stream. */
function failures(wire: Wire): Fault[] {
  const pieces = twoPieces(wire);
  const died = { type: OllamaModelError, kind: 'runnerDied' as const };
  const server = { type: OllamaError, kind: 'server' as const };
  return [
    {
      name: 'an error first',
      bytes: chunked(wire.error(wire.diedText)),
      ...died,
      says: /stopped unexpectedly/,
    },
    {
      name: 'an error in the middle',
      bytes: chunked(pieces, wire.error(wire.diedText), wholeOf(wire)),
      ...died,
      ...two,
    },
    {
      name: 'an error last',
      bytes: chunked(pieces, wire.error('CUDA error: out of memory')),
      type: OllamaModelError,
      kind: wire.outOfMemoryKind,
      ...two,
    },
    {
      name: 'an error with text',
      bytes: chunked(wire.piece('one', { error: 'boom' })),
      ...server,
      text: 'one',
      says: /boom/,
    },
    {
      name: 'an error that is an object',
      bytes: chunked(pieces, wire.error({ message: 'no luck', code: 3 })),
      ...server,
      ...two,
      says: /no luck/,
    },
    { name: 'an error without a text', bytes: chunked(pieces, wire.error('')), ...server, ...two },
    {
      name: 'a context error in the stream',
      bytes: chunked(wire.error('request (700 tokens) exceeds the available context size (512 tokens)')),
      type: OllamaContextError,
      kind: 'contextExceeded',
      says: /700 of 512/,
    },
  ];
}

/** Invalid pieces. */
function unreadable(wire: Wire): Fault[] {
  const pieces = twoPieces(wire);
  const strange = (name: string, ...bytes: (string | Buffer)[]): Fault => ({
    name,
    bytes: chunked(pieces, ...bytes, wholeOf(wire)),
    ...garbled,
    ...two,
  });
  return [
    strange('a piece that is not JSON', wire.raw('oops')),
    ...['null', '17', '"text"', '[]', 'true', '[{"response":"x"}]'].map((value) =>
      strange(`a piece that is ${value}`, wire.raw(value)),
    ),
    strange('text that is a number', wire.piece(5)),
    strange('an end that is no end', wire.last({ badReason: true })),
    strange('thinking that is an object', wire.thinking({})),
    strange('bytes that are not UTF-8', wire.raw(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]))),
    { name: 'UTF-16', bytes: chunked(Buffer.from(`\ufeff${wholeOf(wire)}`, 'utf16le')), ...garbled },
    { ...strange('a piece of 17 MiB', wire.piece('x'.repeat(big))), says: /16 MiB/ },
    {
      name: 'a piece of 17 MiB that never ends',
      bytes: begun(pieces, 'x'.repeat(big)),
      ...garbled,
      says: /16 MiB/,
      ...two,
    },
  ];
}

function compressed(wire: Wire): Fault[] {
  const zip = { 'Content-Encoding': 'gzip' };
  return [
    {
      name: 'gzip that is none',
      bytes: sized('200 OK', wholeOf(wire), zip),
      type: OllamaProtocolError,
      kind: 'garbled',
      says: /compressed and damaged/,
    },
    {
      name: 'gzip cut in the middle',
      bytes: sized('200 OK', gzipSync(wholeOf(wire)).subarray(0, 60), zip),
      type: OllamaProtocolError,
      kind: 'cut',
    },
  ];
}

for (const wire of wires) {
  testFaults(wire, 'in the body', withoutText);
  for (const faults of [cutOff, failures, unreadable, compressed])
    testFaults(wire, 'in the body', faults(wire));
}
