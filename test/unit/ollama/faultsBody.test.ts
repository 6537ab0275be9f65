/** What can go wrong in the body of a response. */
import { gzipSync } from 'node:zlib';
import {
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaProtocolError,
} from '../../../src/ollama/index.ts';
import { chunk, chunked, line, sized, streamHead, wholeAnswer } from '../../support/faults.ts';
import { type Fault, html, two, testFaults } from './meetFault.ts';

const big = 17 * 1024 * 1024;
const cut = { type: OllamaProtocolError, kind: 'cut', says: /broke off/ } as const;
const garbled = { type: OllamaProtocolError, kind: 'garbled', says: /cannot be read/ } as const;

function notAnAnswer(value: string): Fault {
  return {
    name: `a line that is ${value}`,
    bytes: chunked(two, `${value}\n`, wholeAnswer),
    ...garbled,
    text: 'one two',
  };
}

const body: Fault[] = [
  { name: '200 without a body', bytes: sized('200 OK', ''), ...cut },
  { name: '200 with HTML', bytes: sized('200 OK', html, { 'Content-Type': 'text/html' }), ...garbled },
  { name: '200 with HTML in one line', bytes: sized('200 OK', html.replaceAll('\n', '')), ...garbled },
  { name: 'closed after the headers', bytes: streamHead, ending: 'close', ...cut },
  { name: 'reset after the headers', bytes: streamHead, ending: 'reset', ...cut },
  {
    name: 'closed between lines',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(two)]),
    ending: 'close',
    ...cut,
    text: 'one two',
  },
  {
    name: 'reset between lines',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(two)]),
    ending: 'reset',
    ...cut,
    text: 'one two',
  },
  {
    name: 'closed in a line',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(two + line('three').slice(0, 60))]),
    ending: 'close',
    ...cut,
    text: 'one two',
  },
  {
    name: 'closed after a line without its end',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(two + line('three'))]),
    ending: 'close',
    ...cut,
    text: 'one two',
  },
  { name: 'ended without a last line', bytes: chunked(two), ...cut, text: 'one two' },
  { name: 'ended in a line', bytes: chunked(two, line('three').slice(0, 60)), ...cut, text: 'one two' },
  {
    name: 'ended in a line, a length told',
    bytes: sized('200 OK', two + line('three').slice(0, 60)),
    ...cut,
    text: 'one two',
  },
  {
    name: 'ended in a line, until the connection closes',
    bytes: `HTTP/1.0 200 OK\r\n\r\n${two}${line('three').slice(0, 60)}`,
    ending: 'close',
    ...cut,
    text: 'one two',
  },
  {
    name: 'shorter than told',
    bytes: sized('200 OK', two, { 'Content-Length': '9000' }),
    ending: 'close',
    ...cut,
    text: 'one two',
  },
  {
    name: 'a chunk that is none',
    bytes: Buffer.concat([Buffer.from(streamHead), Buffer.from('zz\r\nhello\r\n')]),
    ending: 'close',
    ...cut,
  },
  {
    name: 'an error line first',
    bytes: chunked(`{"error":"model runner has unexpectedly stopped"}\n`),
    type: OllamaModelError,
    kind: 'runnerDied',
    says: /stopped unexpectedly/,
  },
  {
    name: 'an error line in the middle',
    bytes: chunked(
      two,
      `{"error":"an error was encountered while running the model: unexpected EOF"}\n`,
      wholeAnswer,
    ),
    type: OllamaModelError,
    kind: 'runnerDied',
    text: 'one two',
  },
  {
    name: 'an error line last',
    bytes: chunked(two, `{"error":"CUDA error: out of memory"}`),
    type: OllamaModelError,
    kind: 'outOfMemory',
    text: 'one two',
  },
  {
    name: 'an error line with text',
    bytes: chunked(line('one', { error: 'boom' })),
    type: OllamaError,
    kind: 'server',
    text: 'one',
    says: /boom/,
  },
  {
    name: 'an error line that is an object',
    bytes: chunked(two, `{"error":{"message":"no luck","code":3}}\n`),
    type: OllamaError,
    kind: 'server',
    text: 'one two',
    says: /no luck/,
  },
  {
    name: 'an error line without a text',
    bytes: chunked(two, `{"error":""}\n`),
    type: OllamaError,
    kind: 'server',
    text: 'one two',
  },
  {
    name: 'a context error as a line',
    bytes: chunked(`{"error":"request (700 tokens) exceeds the available context size (512 tokens)"}\n`),
    type: OllamaContextError,
    kind: 'contextExceeded',
    says: /700 of 512/,
  },
  {
    name: 'a line that is not JSON',
    bytes: chunked(two, 'oops\n', wholeAnswer),
    ...garbled,
    text: 'one two',
  },
  ...['null', '17', '"text"', '[]', 'true', '[{"response":"x"}]'].map(notAnAnswer),
  {
    name: 'text that is a number',
    bytes: chunked(two, `{"response":5,"done":false}\n`),
    ...garbled,
    text: 'one two',
  },
  {
    name: 'done that is a word',
    bytes: chunked(two, `{"response":"","done":"true"}\n`),
    ...garbled,
    text: 'one two',
  },
  {
    name: 'thinking that is an object',
    bytes: chunked(two, `{"response":"","thinking":{},"done":false}\n`),
    ...garbled,
    text: 'one two',
  },
  {
    name: 'bytes that are not UTF-8',
    bytes: chunked(
      two,
      Buffer.concat([Buffer.from('{"response":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}\n')]),
    ),
    ...garbled,
    text: 'one two',
  },
  { name: 'UTF-16', bytes: chunked(Buffer.from(`\ufeff${wholeAnswer}`, 'utf16le')), ...garbled },
  {
    name: 'a byte-order mark in the middle',
    bytes: chunked(two, `\ufeff${line('three')}\n`),
    ...cut,
    text: 'one twothree',
  },
  {
    name: 'a line of 17 MiB',
    bytes: chunked(two, `{"response":"${'x'.repeat(big)}"}\n`),
    ...garbled,
    says: /16 MiB/,
    text: 'one two',
  },
  {
    name: 'a line of 17 MiB that never ends',
    bytes: Buffer.concat([Buffer.from(streamHead), chunk(two), chunk('x'.repeat(big))]),
    ...garbled,
    says: /16 MiB/,
    text: 'one two',
  },
  {
    name: 'gzip that is none',
    bytes: sized('200 OK', wholeAnswer, { 'Content-Encoding': 'gzip' }),
    type: OllamaProtocolError,
    kind: 'garbled',
    says: /compressed and damaged/,
  },
  {
    name: 'gzip cut in the middle',
    bytes: sized('200 OK', gzipSync(wholeAnswer).subarray(0, 60), { 'Content-Encoding': 'gzip' }),
    type: OllamaProtocolError,
    kind: 'cut',
  },
];
testFaults('in the body', body);
