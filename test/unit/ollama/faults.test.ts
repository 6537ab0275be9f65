/**
 * What can go wrong with one request, as bytes on a real connection. For every fault, with node-fetch and
 * with the built-in fetch: class, kind, message, status, partial text; nothing leaks; the client still works.
 */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import {
  OllamaConnectionError,
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaTimeoutError,
  type ErrorKind,
  type Fetch,
} from '../../../src/ollama/index.ts';
import { loadRecordings, startRawServer, type RawRequest } from '../../support/double/index.ts';
import {
  chunk,
  chunked,
  clientFor,
  fetches,
  json,
  lastChunk,
  lastLine,
  line,
  outcomeOf,
  partsOf,
  sized,
  streamHead,
  wholeAnswer,
  written,
} from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

type Ending = 'stays' | 'close' | 'reset';

interface Fault {
  name: string;
  /** The response, byte for byte, and what happens to the connection. */
  bytes: string | Buffer;
  ending?: Ending;
  /** The expected result: an error, or (without a class) a result with this text. */
  type?: abstract new (...args: never[]) => OllamaError;
  kind?: ErrorKind;
  status?: number | undefined;
  text?: string;
  says?: RegExp;
  /** The built-in fetch reports less about the connection. */
  builtIn?: Partial<Omit<Fault, 'name'>>;
}

const html = '<!doctype html>\n<html><body>Welcome to the hotel network</body></html>\n';
const two = `${line('one ')}\n${line('two')}\n`;
const big = 17 * 1024 * 1024;
const cut = { type: OllamaProtocolError, kind: 'cut', says: /broke off/ } as const;
const garbled = { type: OllamaProtocolError, kind: 'garbled', says: /cannot be read/ } as const;
const notHttp = {
  type: OllamaProtocolError,
  kind: 'notOllama',
  says: /does not speak HTTP|does not look like/,
} as const;
const noAnswer = {
  type: OllamaConnectionError,
  kind: 'unreachable',
  says: /closed the connection before it answered/,
} as const;
const text = (value: string): Pick<Fault, 'text'> => ({ text: value });

function notAnAnswer(value: string): Fault {
  return {
    name: `a line that is ${value}`,
    bytes: chunked(two, `${value}\n`, wholeAnswer),
    ...garbled,
    text: 'one two',
  };
}

const beforeHeaders: Fault[] = [
  { name: 'closed before the headers', bytes: '', ending: 'close', ...noAnswer },
  { name: 'reset before the headers', bytes: '', ending: 'reset', ...noAnswer },
  { name: 'closed in the headers', bytes: streamHead.slice(0, 40), ending: 'close', ...noAnswer },
  { name: 'reset in the headers', bytes: streamHead.slice(0, 40), ending: 'reset', ...noAnswer },
  { name: 'not HTTP', bytes: 'SSH-2.0-OpenSSH_9.2p1\r\n', ending: 'close', ...notHttp },
  {
    name: 'TLS asked for plain',
    bytes: Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46]),
    ending: 'close',
    ...notHttp,
  },
  { name: 'endless headers', bytes: `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(70_000)}`, ...notHttp },
  {
    name: 'a length that is no number',
    bytes: 'HTTP/1.1 200 OK\r\nContent-Length: much\r\n\r\n',
    ending: 'close',
    ...notHttp,
  },
];

const statuses: Fault[] = [
  {
    name: '204',
    bytes: 'HTTP/1.1 204 No Content\r\n\r\n',
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 204,
  },
  {
    name: '206',
    bytes: sized('206 Partial Content', wholeAnswer),
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 206,
  },
  {
    name: '304',
    bytes: 'HTTP/1.1 304 Not Modified\r\n\r\n',
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 304,
  },
  {
    name: '400',
    bytes: json('400 Bad Request', { error: 'invalid model name' }),
    type: OllamaError,
    kind: 'badRequest',
    status: 400,
    says: /invalid model name/,
  },
  {
    name: '401',
    bytes: json('401 Unauthorized', { error: 'unauthorized', signin_url: 'https://x' }),
    type: OllamaError,
    kind: 'signIn',
    status: 401,
    says: /sign in at https:\/\/x,/,
  },
  {
    name: '403 without a body',
    bytes: sized('403 Forbidden', ''),
    type: OllamaError,
    kind: 'forbidden',
    status: 403,
    says: /OLLAMA_ORIGINS/,
  },
  {
    name: '404 of another program',
    bytes: sized('404 Not Found', html, { 'Content-Type': 'text/html' }),
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 404,
    says: /does not look like an Ollama server/,
  },
  {
    name: '404 of the model',
    bytes: json('404 Not Found', { error: "model 'tiny' not found" }),
    type: OllamaModelNotFoundError,
    kind: 'modelNotFound',
    status: 404,
    says: /ollama pull tiny/,
  },
  {
    name: '407',
    bytes: sized('407 Proxy Authentication Required', html),
    type: OllamaError,
    kind: 'proxy',
    status: 407,
    says: /proxy/,
    builtIn: { ...noAnswer, says: /cannot be reached/, status: undefined },
  },
  {
    name: '408',
    bytes: sized('408 Request Timeout', ''),
    type: OllamaTimeoutError,
    kind: 'gatewayTimeout',
    status: 408,
  },
  {
    name: '413',
    bytes: sized('413 Request Entity Too Large', html),
    type: OllamaError,
    kind: 'badRequest',
    status: 413,
    says: /less code/,
  },
  {
    name: '429',
    bytes: sized('429 Too Many Requests', '', { 'Retry-After': '7' }),
    type: OllamaError,
    kind: 'busy',
    status: 429,
  },
  {
    name: '500 of a wrong option',
    bytes: json('500 Internal Server Error', { error: 'option "num_ctx" must be of type integer' }),
    type: OllamaError,
    kind: 'badRequest',
    status: 500,
    says: /num_ctx/,
  },
  {
    name: '500 of an unknown sort',
    bytes: json('500 Internal Server Error', { error: 'the sky fell down' }),
    type: OllamaError,
    kind: 'server',
    status: 500,
    says: /the sky fell down/,
  },
  {
    name: '500 whose error is an object',
    bytes: json('500 Internal Server Error', { error: { message: 'oops', code: 7 } }),
    type: OllamaError,
    kind: 'server',
    status: 500,
    says: /oops/,
  },
  {
    name: '502',
    bytes: sized('502 Bad Gateway', html),
    type: OllamaConnectionError,
    kind: 'gateway',
    status: 502,
    says: /gateway/,
  },
  {
    name: '503',
    bytes: json('503 Service Unavailable', {
      error: 'server busy, please try again.  maximum pending requests exceeded',
    }),
    type: OllamaError,
    kind: 'busy',
    status: 503,
    says: /busy/,
  },
  {
    name: '503 of a gateway',
    bytes: sized('503 Service Unavailable', html),
    type: OllamaError,
    kind: 'busy',
    status: 503,
  },
  {
    name: '504',
    bytes: sized('504 Gateway Timeout', html),
    type: OllamaTimeoutError,
    kind: 'gatewayTimeout',
    status: 504,
  },
  {
    name: '524',
    bytes: sized('524 A Timeout Occurred', html),
    type: OllamaTimeoutError,
    kind: 'gatewayTimeout',
    status: 524,
  },
  {
    name: 'an error whose body breaks off',
    bytes: sized('404 Not Found', `{"error":"model 'tiny' not found"}`, { 'Content-Length': '900' }),
    ending: 'close',
    type: OllamaModelNotFoundError,
    kind: 'modelNotFound',
    status: 404,
  },
  {
    name: 'an error whose body is reset',
    bytes: sized('401 Unauthorized', 'x', { 'Content-Length': '900' }),
    ending: 'reset',
    type: OllamaError,
    kind: 'unauthorized',
    status: 401,
  },
  {
    name: 'a redirect without a place',
    bytes: 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n',
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 302,
  },
];

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

const suites = {
  'before the headers': beforeHeaders,
  'the status': statuses,
  'in the body': body,
  'no fault at all': fine,
};

for (const [where, faults] of Object.entries(suites)) {
  for (const fault of faults) {
    for (const [fetchName, fetch] of fetches) {
      test(`${where}: ${fault.name} (${fetchName})`, () => withoutLeaks(() => meet(fault, fetch)));
    }
  }
}

async function meet(planned: Fault, fetch: Fetch | undefined): Promise<void> {
  const fault = fetch ? { ...planned, ...planned.builtIn } : planned;
  let faulty = true;
  await using server = await startRawServer(async (socket, request) => {
    if (request.path !== '/api/generate') return void socket.end(sized('200 OK', '{"models":[]}'));
    await (faulty ? play(socket, fault) : written(socket, chunked(wholeAnswer)));
  });
  await using client = clientFor(server.url, {}, partsOf(fetch));
  const outcome = await outcomeOf(client.stream({ prompt: 'x' }));
  if (fault.type) checkError(fault, outcome.error, outcome.text);
  else
    assert.deepEqual(
      [outcome.error, outcome.result?.text, outcome.text],
      [undefined, fault.text, fault.text],
    );
  if (outcome.result) checkNumbers(outcome.result);
  faulty = false;
  assert.equal(
    (await client.generate({ prompt: 'again' })).text,
    'one two',
    'the client is usable afterwards',
  );
  await client.close();
  if (!fetch) await server.waitForNoConnections();
}

async function play(socket: Socket, { bytes, ending }: Fault): Promise<void> {
  if (bytes.length > 0) await written(socket, bytes);
  if (ending === 'close') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}

function checkError(fault: Fault, error: unknown, seen: string): void {
  assert.ok(error instanceof OllamaError && error instanceof fault.type!, `it is ${String(error)}`);
  assert.deepEqual(
    [error.kind, error.status, error.partialText],
    [fault.kind, fault.status, fault.text ?? ''],
  );
  assert.equal(seen, error.partialText, 'what was handed out is what the error carries');
  assert.match(error.message, /^\S.*\.$/, 'a sentence');
  if (fault.says) assert.match(error.message, fault.says);
}

function checkNumbers(result: object): void {
  for (const [name, value] of Object.entries(result)) {
    if (typeof value === 'number') assert.ok(Number.isFinite(value) && value >= 0, `${name} is ${value}`);
  }
}

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
