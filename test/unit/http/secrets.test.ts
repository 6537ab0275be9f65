/** A key that a server repeats, in any encoding, appears nowhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assert as check, constantFrom, property, string, stringMatching } from 'fast-check';
import { SecretFilter, secretsOfHeader } from '../../../src/http/secrets.ts';
import { OllamaError, type Guard, type OllamaSettings } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer } from '../../support/double/index.ts';
import { clientFor, failureOf, json, line, sized } from '../../support/faults.ts';

const key = 'S3cr3t/Key+with=all&"signs"\\1';

const writings: Record<string, (text: string) => string> = {
  plain: (text) => text,
  'upper case': (text) => text.toUpperCase(),
  URL: encodeURIComponent,
  'every byte of a URL': (text) => text.replaceAll(/[^]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'every character of JSON': (text) =>
    text.replaceAll(/[^]/g, (c) => String.raw`\u` + c.charCodeAt(0).toString(16).padStart(4, '0')),
  HTML: (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
  Base64: (text) => Buffer.from(text).toString('base64'),
  'Base64 of a header': (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  'Base64 inside JSON': (text) => Buffer.from(`{"key":"${text}","more":1}`).toString('base64url'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
};

for (const [name, write] of Object.entries(writings)) {
  test(`a key is found as ${name}`, () => {
    const filter = new SecretFilter();
    filter.add([key]);
    const filtered = filter.text(`before ${write(key)} after`);
    assert.match(filtered, /^before .*<secret>.* after$/);
    // In Base64, the characters at the ends also encode neighbouring text.
    assert.ok(filtered.length < write(key).length, filtered);
  });
}

test('nothing else is changed, whatever the text', () => {
  const filter = new SecretFilter();
  filter.add(['zq9-ZQ9-zq9']);
  check(
    property(string({ unit: 'grapheme' }), stringMatching(/^[a-y0-8%&#\\;:/. ]*$/), (text, ascii) => {
      for (const one of [text, ascii]) if (!/zq9/i.test(one)) assert.equal(filter.text(one), one);
    }),
  );
});

test('any key in any text and writing', () => {
  check(
    property(
      stringMatching(/^[!-~]{8,40}$/),
      constantFrom(...Object.values(writings)),
      string(),
      (secret, write, around) => {
        const filter = new SecretFilter();
        filter.add([secret]);
        const text = filter.text(`${around} ${write(secret)} ${around}`);
        assert.ok(!text.toLowerCase().includes(secret.toLowerCase()) || '<secret>'.includes(secret));
        assert.ok(text.includes('<secret>'));
      },
    ),
  );
});

test('which headers contain keys', () => {
  const has = (name: string, value: string, part: string): boolean =>
    secretsOfHeader(name, value).includes(part);
  const basic = `Basic ${Buffer.from('me:pass:word').toString('base64')}`;
  assert.ok(has('Authorization', 'Bearer abc123', 'abc123'));
  assert.ok(has('authorization', basic, 'pass:word'));
  assert.ok(has('Cookie', 'a=b1; session="c2d3"', 'c2d3'));
  assert.ok(has('X-Custom', 'aB3dE5fG7hI9', 'aB3dE5fG7hI9'), 'by its value');
  assert.deepEqual(secretsOfHeader('X-Team', 'blue'), []);
  assert.deepEqual(secretsOfHeader('X-Model', 'qwen2.5-coder:1.5b'), []);
});

test('a placeholder is no key: the names of models stay', () => {
  const filter = new SecretFilter();
  filter.add(['ollama', 'none', 'abc']);
  assert.equal(filter.text('https://ollama.com has none of abc'), 'https://ollama.com has none of abc');
});

const guard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(key),
  promptSent: () => undefined,
};

/** Everything of an error that can be shown or logged. */
function textsOf(error: unknown): string {
  const seen: unknown[] = [];
  for (let one = error; one instanceof Error; one = one.cause)
    seen.push(one.message, one.stack, one instanceof OllamaError ? one.localizableMessage : '');
  return JSON.stringify(seen);
}

const quoted = JSON.stringify(key).slice(1, -1);
const answers: Record<string, Buffer> = {
  'an error': json('401 Unauthorized', { error: `the key ${key} is wrong` }),
  'an error in an error': json('500 Internal Server Error', {
    error: JSON.stringify({ error: { message: `wrong: ${key}` } }),
  }),
  'a page': sized('403 Forbidden', `<p>${key}</p>`),
  'an unknown model': json('404 Not Found', { error: `model '${key}' not found` }),
  'a redirect': sized('307 Temporary Redirect', '', {
    Location: `http://127.0.0.1:1/${encodeURIComponent(key)}/api/generate`,
  }),
  'a redirect to a host': sized('302 Found', '', {
    Location: `http://x${Buffer.from(key).toString('hex')}.example/`,
  }),
  'an error line': sized('200 OK', `${line('a')}\n${JSON.stringify({ error: `no: ${key}` })}\n`),
  'no JSON': sized('200 OK', `${quoted} ${key}`),
};

for (const [name, answer] of Object.entries(answers)) {
  test(`a key in ${name} is in no message`, async () => {
    for (const own of [{ guard }, {}]) {
      await using server = await startRawServer((socket) => void socket.end(answer));
      const others: Partial<OllamaSettings> = own.guard ? {} : { headers: { 'X-Api-Key': key } };
      await using client = clientFor(server.url, others, own);
      for (const call of [
        () => client.generate({ prompt: 'x' }),
        () => client.version(),
        () => client.pullModel('x', () => undefined),
      ]) {
        const text = textsOf(
          await call().then(
            () => undefined,
            (error: unknown) => error,
          ),
        );
        assert.ok(!text.includes('S3cr3t') && !text.includes(Buffer.from(key).toString('hex')), text);
      }
    }
  });
}

test('a key in the name of a model, a version or a host behind it is not shown, and such a model gets no prompt', async () => {
  const secret = 'abcdef-123456';
  await using double = await startDouble({
    models: [{ name: `x-${secret}:latest` }, { name: 'far:1', remoteHost: `https://${secret}.example` }],
    version: `1-${secret}`,
  });
  await using client = clientFor(
    double.url,
    { model: `x-${secret}` },
    { guard: { ...guard, apiKey: () => Promise.resolve(secret) } },
  );
  const shown = JSON.stringify([await client.installedModels(), await client.version()]);
  assert.ok(shown.includes('<secret>') && !shown.includes(secret), shown);
  await failureOf(client.generate({ prompt: 'x' }));
  assert.deepEqual(
    double.requests.filter(({ path }) => path === '/api/generate'),
    [],
  );
});
