/** Settings: every form of an address, keep_alive, all invalid values. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultSettings,
  OllamaClient,
  OllamaSettingsError,
  parseBaseUrl,
  parseKeepAlive,
  type OllamaSettings,
} from '../../../src/ollama/index.ts';
import { startRawServer } from '../../support/double/index.ts';
import { chunked, clientFor, failureOf, wholeAnswer } from '../../support/faults.ts';

const addresses: [text: string, href: string][] = [
  ['localhost', 'http://localhost:11434'],
  ['example.com', 'http://example.com:11434'],
  [':8080', 'http://127.0.0.1:8080'],
  ['example.com:8080', 'http://example.com:8080'],
  ['example.com:', 'http://example.com'],
  ['10.0.0.7', 'http://10.0.0.7:11434'],
  ['0.0.0.0', 'http://127.0.0.1:11434'],
  ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
  ['::', 'http://[::1]:11434'],
  ['[::]:8080', 'http://[::1]:8080'],
  ['::1', 'http://[::1]:11434'],
  ['[::1]', 'http://[::1]:11434'],
  ['[::1]:8080', 'http://[::1]:8080'],
  ['2001:db8::7', 'http://[2001:db8::7]:11434'],
  ['http://[2001:db8::7]:8080/', 'http://[2001:db8::7]:8080'],
  ['http://example.com', 'http://example.com'],
  ['https://example.com', 'https://example.com'],
  ['https://example.com:443', 'https://example.com'],
  ['https://example.com:8443/', 'https://example.com:8443'],
  ['https://:8443', 'https://127.0.0.1:8443'],
  ['HTTP://Example.COM:8080', 'http://example.com:8080'],
  ['example.com/ollama', 'http://example.com:11434/ollama'],
  ['example.com:8080/ollama/', 'http://example.com:8080/ollama'],
  ['https://example.com/a/b//', 'https://example.com/a/b'],
  ['/ollama', 'http://127.0.0.1:11434/ollama'],
  ['  http://localhost:11434/  ', 'http://localhost:11434'],
  ['user:pass@example.com', 'http://example.com:11434'],
];

for (const [text, href] of addresses) {
  test(`the address "${text}"`, () => {
    const base = parseBaseUrl(text);
    assert.equal(base.href, href);
    assert.equal(base.origin, new URL(href).origin);
  });
}

for (const text of [
  '',
  '  ',
  'ftp://example.com',
  'http://',
  'http://a b',
  'exa mple',
  'localhost:99999',
  'localhost:port',
  'http://[::1',
  'http://example.com?x=1',
  'http://example.com/#top',
  'a\\b',
  'file:///etc',
]) {
  test(`not an address: "${text}"`, () => {
    assert.throws(
      () => parseBaseUrl(text),
      (error) => error instanceof OllamaSettingsError && error.setting === 'baseUrl',
    );
  });
}

test('credentials in an address become a header, and leave the address', () => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  for (const [text, credentials] of [
    ['https://me:secret@example.com/x', 'me:secret'],
    ['https://me@example.com/x', 'me:'],
    ['https://m%40e:s%3Ae%2F@example.com/x', 'm@e:s:e/'],
    ['https://me:100%@example.com/x', 'me:100%'],
    ['https://me:gr%C3%BC%C3%9F@example.com/x', 'me:grüß'],
    ['https://me:grüß@example.com/x', 'me:grüß'],
  ] as const) {
    const base = parseBaseUrl(text);
    assert.deepEqual(base, {
      href: 'https://example.com/x',
      origin: 'https://example.com',
      authorization: basic(credentials),
    });
  }
});

test('keep_alive', () => {
  for (const [value, expected] of [
    [-1, -1],
    ['-1', -1],
    ['300', 300],
    [0, 0],
    ['0', 0],
    ['30m', '30m'],
    [' 1h30m ', '1h30m'],
    ['-1s', '-1s'],
    ['1.5h', '1.5h'],
    ['.5s', '.5s'],
    [2.5, 2.5],
  ] as const) {
    assert.equal(parseKeepAlive(value), expected);
  }
  for (const value of ['', 'abc', '5 m', '5d', 'm', NaN, Infinity, undefined, {}, true]) {
    assert.throws(
      () => parseKeepAlive(value as never),
      (error) => error instanceof OllamaSettingsError && error.setting === 'keepAlive',
    );
  }
});

const wrong: [setting: string, value: unknown][] = [
  ...['', 5, null, undefined, {}, 'ftp://x'].map((value): [string, unknown] => ['baseUrl', value]),
  ...[5, null, undefined, {}].map((value): [string, unknown] => ['model', value]),
  ...[-1, NaN, Infinity, '0.3', {}].map((value): [string, unknown] => ['temperature', value]),
  ...[0, -1, 1.5, NaN, '8192', null].map((value): [string, unknown] => ['numCtx', value]),
  ...[-3, 1.5, '10', null].map((value): [string, unknown] => ['numPredict', value]),
  ...['soon', [], {}].map((value): [string, unknown] => ['keepAlive', value]),
  ...[0, -5, NaN, '10', Infinity].map((value): [string, unknown] => ['connectTimeoutMs', value]),
  ...[0, -5, NaN, null].map((value): [string, unknown] => ['idleTimeoutMs', value]),
  ...[
    5,
    [],
    'x',
    null,
    { 'a b': 'x' },
    { 'X-Key': 'a\nb' },
    { 'X-Key': 5 },
    { Host: 'x' },
    { 'content-length': '5' },
    { Connection: 'close' },
    { 'X-Key': 'snow ☃' },
  ].map((value): [string, unknown] => ['headers', value]),
];

for (const [setting, value] of wrong) {
  test(`a wrong ${setting} is named: ${JSON.stringify(value) ?? String(value)}`, () => {
    assert.throws(
      () => new OllamaClient({ ...defaultSettings, [setting]: value }),
      (error) =>
        error instanceof OllamaSettingsError &&
        error.setting === setting &&
        error.kind === 'settings' &&
        /^The setting ".*\.$/.test(error.message),
    );
  });
}

test('settings that are not an object', () => {
  for (const settings of [undefined, null, 5, 'http://localhost', []]) {
    assert.throws(() => new OllamaClient(settings as unknown as OllamaSettings), OllamaSettingsError);
  }
});

test('the limits of valid values; changing the object later has no effect', () => {
  const settings = {
    ...defaultSettings,
    temperature: 0,
    numPredict: 0,
    numCtx: 1,
    keepAlive: '-1',
    headers: {},
    model: '',
  };
  const client = new OllamaClient(settings);
  settings.temperature = 2;
  assert.deepEqual([client.settings.temperature, client.settings.keepAlive], [0, -1]);
});

test('headers: ours, extra ones, credentials; a setting replaces ours', async () => {
  await using server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)));
  const address = server.url.replace('http://', 'http://me:secret@');
  await using client = clientFor(address, { headers: { 'X-Team': 'a', 'USER-AGENT': 'mine' } });
  await client.generate({ prompt: 'x' });
  const { headers } = server.requests[0]!;
  assert.equal(headers['authorization'], `Basic ${Buffer.from('me:secret').toString('base64')}`);
  assert.deepEqual(
    [headers['x-team'], headers['user-agent'], headers['connection'], headers['content-type']],
    ['a', 'mine', 'keep-alive', 'application/json'],
  );
  assert.ok(!client.origin.includes('secret'));
  await using keyed = clientFor(address, { headers: { Authorization: 'Bearer key' } });
  await keyed.generate({ prompt: 'x' });
  assert.equal(server.requests[1]!.headers['authorization'], 'Bearer key');
});

test('a password in the address appears in no message', async () => {
  await using client = clientFor('http://me:secret@127.0.0.1:1');
  const error = (await failureOf(client.generate({ prompt: 'x' }))) as Error;
  for (let part: unknown = error; part instanceof Error; part = part.cause)
    assert.ok(!part.message.includes('secret'), part.message);
});
