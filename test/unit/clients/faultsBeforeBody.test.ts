/** What can go wrong before an answer starts: broken connections, and every status; for each protocol. */
import {
  OllamaConnectionError,
  OllamaError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaTimeoutError,
} from '../../../src/ollama/index.ts';
import { noAnswer, notHttp, testFaults, type Fault } from '../../support/faultRun.ts';
import { json, sized, streamHead } from '../../support/faults.ts';
import { wholeOf, wires } from '../../support/wires.ts';

const html = '<!doctype html>\n<html><body>Welcome to the hotel network</body></html>\n';
const wholeAnswer = wholeOf(wires[0]!);

const beforeHeaders: readonly Fault[] = [
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

const statuses: readonly Fault[] = [
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
    name: '404 of another program',
    bytes: sized('404 Not Found', html, { 'Content-Type': 'text/html' }),
    type: OllamaProtocolError,
    kind: 'notOllama',
    status: 404,
    says: /does not look like a server of language models/,
  },
  {
    name: '404 of the model',
    bytes: json('404 Not Found', { error: "model 'tiny' not found" }),
    type: OllamaModelNotFoundError,
    kind: 'modelNotFound',
    status: 404,
    says: /ollama pull tiny|does not have the model "tiny"/,
  },
  {
    name: '407',
    bytes: sized('407 Proxy Authentication Required', html),
    type: OllamaError,
    kind: 'proxy',
    status: 407,
    says: /proxy/,
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

/** Statuses that have another meaning or text for Ollama. */
const ofOllama: readonly Fault[] = [
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
    name: '500 of a wrong option',
    bytes: json('500 Internal Server Error', { error: 'option "num_ctx" must be of type integer' }),
    type: OllamaError,
    kind: 'badRequest',
    status: 500,
    says: /num_ctx/,
  },
];

const ofOpenAI: readonly Fault[] = [
  {
    name: '401',
    bytes: json('401 Unauthorized', { error: { message: 'Invalid API Key', type: 'authentication_error' } }),
    type: OllamaError,
    kind: 'unauthorized',
    status: 401,
    says: /set the key of this server/,
  },
  {
    name: '403 without a body',
    bytes: sized('403 Forbidden', ''),
    type: OllamaError,
    kind: 'forbidden',
    status: 403,
    says: /check the key/,
  },
  {
    name: '429 with an error of the protocol',
    bytes: json(
      '429 Too Many Requests',
      { error: { message: 'Model is overloaded', type: 'overloaded' } },
      { 'Retry-After': '3' },
    ),
    type: OllamaError,
    kind: 'busy',
    status: 429,
    says: /busy.*Model is overloaded/,
  },
];

for (const wire of wires) {
  testFaults(wire, 'before the headers', beforeHeaders);
  testFaults(wire, 'the status', statuses);
  testFaults(wire, 'the status', wire.protocol === 'ollama' ? ofOllama : ofOpenAI);
}
