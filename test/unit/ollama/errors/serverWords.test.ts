/** A server's own message reaches the user, after a single request, and cleaned. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaError, type ErrorKind } from '../../../../src/ollama/index.ts';
import { ownWords } from '../../../../src/http/client/classify.ts';
import { classify, ollamaWords } from '../../../../src/ollama/errors/classify.ts';
import { ollamaPage, pageIn } from '../../../../src/ollama/errors/serverWords.ts';
import { startRawServer } from '../../../support/double/index.ts';
import { chunked, clientFor, json, line, outcomeOf, sized, written } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

const quick = { attempts: 3, delayMs: 1 };
const errorLine = (error: string): string => `${JSON.stringify({ error })}\n`;

interface Refusal {
  name: string;
  bytes: Buffer;
  kind: ErrorKind;
  says: RegExp;
  /** Number of requests. */
  asked?: number;
  link?: string;
  text?: string;
}

const signIn = (signin_url: unknown): Buffer =>
  json('401 Unauthorized', { error: 'unauthorized', signin_url });
const connect = 'https://ollama.com/connect?name=double&key=c3NoLWVk%2BQ%3D%3D';

const refusals: Refusal[] = [
  {
    name: 'a weekly limit',
    bytes: json('429 Too Many Requests', {
      error:
        'you (bob) have reached your weekly usage limit, upgrade for higher limits: https://ollama.com/upgrade',
    }),
    kind: 'quota',
    says: /you \(bob\) have reached your weekly usage limit, upgrade for higher limits/,
    link: 'https://ollama.com/upgrade',
  },
  {
    name: 'an hourly limit, with a time to wait for',
    bytes: json(
      '429 Too Many Requests',
      { error: "you've reached your hourly usage limit, please upgrade to continue" },
      { 'Retry-After': '0' },
    ),
    kind: 'quota',
    says: /hourly usage limit/,
  },
  {
    name: 'a quota of another service',
    bytes: json('429 Too Many Requests', {
      error: { message: 'You exceeded your current quota, please check your plan and billing details.' },
    }),
    kind: 'quota',
    says: /exceeded your current quota/,
  },
  {
    name: 'a limit of requests in a minute is only busy',
    bytes: json('429 Too Many Requests', { error: 'rate limit: 3 requests per minute for team blue' }),
    kind: 'busy',
    says: /busy.*team blue/,
    asked: 3,
  },
  {
    name: 'busy with nothing to say',
    bytes: json('503 Service Unavailable', {
      error: 'server busy, please try again.  maximum pending requests exceeded',
    }),
    kind: 'busy',
    says: /^The server at \S+ is busy \(503\): try again in a moment\.$/,
    asked: 3,
  },
  {
    name: 'a subscription',
    bytes: json('403 Forbidden', {
      error: 'this model requires a subscription, upgrade for access: https://ollama.com/upgrade',
    }),
    kind: 'subscription',
    says: /"tiny".*this model requires a subscription/,
    link: 'https://ollama.com/upgrade',
  },
  {
    name: '402',
    bytes: json('402 Payment Required', { error: 'no credits left' }),
    kind: 'subscription',
    says: /no credits left/,
  },
  {
    name: 'the cloud is off',
    bytes: json('403 Forbidden', { error: 'ollama cloud is disabled: remote model details are unavailable' }),
    kind: 'cloudDisabled',
    says: /ollama cloud is disabled: remote model details/,
  },
  {
    name: 'the cloud cannot be reached',
    bytes: json('502 Bad Gateway', {
      error:
        'Post "https://ollama.com:443/api/generate?ts=1795636849": dial tcp: lookup ollama.com on 10.0.0.1:53: no such host',
    }),
    kind: 'cloudOffline',
    says: /"tiny" runs on ollama\.com:443, which the server at/,
  },
  { name: 'a sign-in', bytes: signIn(connect), kind: 'signIn', says: /signed in/, link: connect },
  ...[
    'https://ollama.com.evil.test/connect',
    'https://ollama.com@evil.test/connect',
    'http://ollama.com/connect',
    'https://ollama.com:8443/connect',
    'https://user@ollama.com/connect',
    'command:workbench.action.terminal.new',
    'javascript:alert(1)//https://ollama.com/',
    'ollama.com/connect',
  ].map((address): Refusal => ({
    name: `a sign-in at ${address}`,
    bytes: signIn(address),
    kind: 'signIn',
    says: /wants you to sign in at (?!https:\/\/ollama\.com\/).*not a page of ollama\.com/,
  })),
  {
    name: 'an address that is no text',
    bytes: signIn(17),
    kind: 'unauthorized',
    says: /wants a key/,
  },
  {
    name: "401 with a gateway's own words",
    bytes: sized('401 Unauthorized', 'Key of team blue expired yesterday'),
    kind: 'unauthorized',
    says: /The server says: "Key of team blue expired yesterday"\.$/,
  },
  {
    name: '403 with words',
    bytes: json('403 Forbidden', { error: 'address 10.1.2.3 is not on the list' }),
    kind: 'forbidden',
    says: /The server says: "address 10\.1\.2\.3 is not on the list"\.$/,
  },
  {
    name: 'the new words for a prompt that is too long',
    bytes: json('400 Bad Request', {
      error:
        'the prompt is longer than the context length currently available to the model; try a shorter prompt or a larger context length',
    }),
    kind: 'contextExceeded',
    says: /does not fit.*try a shorter prompt/,
  },
  ...[
    'input length exceeds context length',
    'the input length exceeds the context length',
    "This model's maximum context length is 4096 tokens. However, your messages resulted in 5001 tokens",
    'prompt is too long: exceeds the model context window',
  ].map((error): Refusal => ({
    name: error,
    bytes: json('400 Bad Request', { error }),
    kind: 'contextExceeded',
    says: /does not fit/,
  })),
  {
    name: 'more memory than there is',
    bytes: json('500 Internal Server Error', {
      error: 'model requires more system memory (8.0 GiB) than is available (4.0 GiB)',
    }),
    kind: 'outOfMemory',
    says: /8\.0 GiB.*4\.0 GiB/,
  },
  {
    name: 'a model that is too new',
    bytes: json('500 Internal Server Error', { error: "unknown model architecture: 'future9'" }),
    kind: 'damagedModel',
    says: /unknown model architecture: 'future9'/,
  },
  {
    name: 'the guard against repetition, as a line',
    bytes: chunked(`${line('good line\n')}\n`, errorLine('prediction aborted, token repeat limit reached')),
    kind: 'repeated',
    says: /repeated itself/,
    text: 'good line\n',
  },
  {
    name: 'a call of a tool that cannot be parsed',
    bytes: chunked(errorLine(`error parsing tool call: raw='{"a":' err=unexpected end of JSON input`)),
    kind: 'unparsable',
    says: /cannot read what the model "tiny" wrote.*error parsing tool call/,
    asked: 2,
  },
];

for (const { name, bytes, kind, says, asked = 1, link, text = '' } of refusals) {
  test(`${name}: ${kind}, ${asked} request(s)`, () =>
    withoutLeaks(async () => {
      let requests = 0;
      await using server = await startRawServer(async (socket, request) => {
        if (request.path !== '/api/generate') return void socket.end(sized('200 OK', '{"models":[]}'));
        if (kind !== 'outOfMemory' || requests === 0) requests++;
        await written(socket, bytes);
      });
      await using client = clientFor(server.url);
      const { error } = await outcomeOf(
        kind === 'outOfMemory'
          ? client.stream({ prompt: 'x' })
          : client.streamWithRetry({ prompt: 'x' }, quick),
      );
      assert.ok(error instanceof OllamaError, String(error));
      assert.deepEqual(
        [error.kind, requests, error.link, error.partialText],
        [kind, asked, link, text],
        error.message,
      );
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /\n/);
    }));
}

test("a server's message is one line, cut, with visible control characters", () => {
  const bodyOf = (error: string) => JSON.stringify({ error });
  const said = (error: string): string | undefined =>
    ownWords(
      ollamaWords,
      { status: 403, body: bodyOf(error), origin: 'http://h', path: '/api/generate', model: 'm' },
      error,
    );
  assert.equal(said('a\nb\t c'), 'a b c');
  assert.equal(said('x\u202ey\u0007\u{e0041}'), 'x\\u{202e}y\\u{7}\\u{e0041}');
  assert.equal(said('w'.repeat(5000))?.length, 301);
  assert.equal(said('unauthorized'), undefined);
  assert.equal(said(' '), undefined);
  const page = '<html><body>Forbidden by policy 7</body></html>';
  assert.equal(
    ownWords(ollamaWords, { status: 403, body: page, origin: 'http://h', path: '/', model: '' }, page),
    undefined,
  );
});

test('keys that a gateway repeats are not shown', () => {
  const secret = 'Zx81-Sinclair_1982';
  for (const said of [
    `invalid key: ${secret}`,
    `Incorrect API key provided: sk-proj-${secret}`,
    `Authorization "Bearer ${secret}" is not accepted`,
    `the token ${secret} has expired`,
    `{"api_key":"${secret}"} is not known`,
  ]) {
    const { message } = classified(said);
    assert.ok(message.includes('<secret>') && !message.includes('1982'), message);
  }
  for (const said of [
    'token repeat count of team blue',
    'the key of team blue expired 2026-11-01',
    'keyboard 12345678 layout',
  ])
    assert.ok(classified(said).message.includes(said), said);
});

function classified(error: string): OllamaError {
  const body = JSON.stringify({ error });
  return classify({ status: 403, body, origin: 'http://h', path: '/api/generate', model: 'm' });
}

test('only pages of ollama.com are opened', () => {
  assert.equal(ollamaPage('https://ollama.com/connect?a=b'), 'https://ollama.com/connect?a=b');
  for (const address of [
    'https://ollama.com\\@evil.test/',
    'https://ollama.com /x',
    'https://ollama.com\u202e/',
  ])
    assert.equal(ollamaPage(address), undefined, address);
  assert.equal(pageIn('upgrade: https://ollama.com/upgrade.'), 'https://ollama.com/upgrade');
  assert.equal(pageIn('see https://ollama.com.evil.test/upgrade'), undefined);
});
