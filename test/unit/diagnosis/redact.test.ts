/** What must not be in a published text is removed from it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { redact, redactor, type Identity } from '../../../src/diagnosis/index.ts';

const nobody: Identity = { home: '/home/alice', user: 'alice', host: 'wonderland' };

/** Text around a secret that keeps the secret a separate word. */
const around = fc.constantFrom(
  ...['', ' ', '"', "'", '(', ')', '/', '\n', ', ', ': ', '=', '`', '<', '>', '[', '|', ';', '?x='],
);
const filler = fc.constantFrom('', 'error at', 'http://localhost:11434/api', 'qwen2.5-coder:7b', 'x=1', 'ü');

function gone(
  identity: Identity,
  secret: fc.Arbitrary<string>,
  leaks: (text: string, planted: string) => boolean,
) {
  fc.assert(
    fc.property(secret, filler, around, around, filler, (planted, before, left, right, after) => {
      const text = `${before}${left || ' '}${planted}${right || ' '}${after}`;
      const result = redact(text, identity);
      assert.ok(!leaks(result, planted), `${text}\nbecame\n${result}`);
      assert.equal(redact(result, identity), result, 'twice is as once');
    }),
    { numRuns: 400 },
  );
}

const contains = (text: string, planted: string): boolean => text.includes(planted);
const random = (length: number) =>
  fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((seed) => createHash('sha512').update(seed).digest().subarray(0, length));
const names = fc.stringMatching(/^[a-z][a-z0-9]{2,10}(?:[._-][a-z0-9]{2,5})?$/);

describe('redacting', () => {
  it('removes long secrets', () => {
    gone(
      nobody,
      random(24).map((bytes) => bytes.toString('hex')),
      contains,
    );
    gone(
      nobody,
      random(32).map((bytes) => bytes.toString('base64url')),
      contains,
    );
    gone(
      nobody,
      random(48).map((bytes) => bytes.toString('base64')),
      contains,
    );
  });

  it('removes known secrets', () => {
    gone({ ...nobody, secrets: ['pässw/rd+1'] }, fc.constant('pässw/rd+1'), contains);
    gone({ ...nobody, secrets: ['pässw/rd+1'] }, fc.constant(encodeURIComponent('pässw/rd+1')), contains);
  });

  it('removes the user in every path', () => {
    const path = fc
      .tuple(
        fc.constantFrom('/home/', '/Users/', 'C:\\Users\\', 'c:/users/', '/mnt/c/Users/', 'C:\\\\Users\\\\'),
        names.filter((name) => !/^(?:user|users|home)$/.test(name)),
        fc.constantFrom('', '/', '\\', '/src/x.ts', '\\AppData\\Local'),
      )
      .map(([start, name, end]) => ({ name, path: start + name + end }));
    fc.assert(
      fc.property(path, fc.boolean(), around, ({ name, path }, encode, left) => {
        const result = redact(`x${left || ' '}${encode ? encodeURIComponent(path) : path}`, nobody);
        assert.ok(result.includes('<user>'), `${path} became ${result}`);
        assert.doesNotMatch(result, new RegExp(`(?:home|users)(?:[\\\\/]|%2f|%5c)+${name}`, 'i'));
      }),
    );
  });

  it('removes the names of user and machine as words', () => {
    const common =
      /^(?:root|user|users|admin|administrator|ubuntu|vscode|node|codespace|ollama|error|http|local\w*|api|secret|host\w*|credentials)$/;
    const name = names.filter((one) => !common.test(one) && !/qwen|coder|error|localhost/.test(one));
    fc.assert(
      fc.property(
        name,
        around,
        around,
        fc.constantFrom('', '_x', '-pc', '%20', '.local'),
        (user, left, right, end) => {
          const identity = { home: '', user, host: `${user}-pc` };
          const word = new RegExp(
            String.raw`(?<![\p{L}\p{N}])${user.replaceAll('.', String.raw`\.`)}(?![\p{L}\p{N}])`,
            'iu',
          );
          for (const spelling of [user, user.toUpperCase(), `${user}-pc`]) {
            const result = redact(`at${left || ' '}${spelling}${end}${right || ' '}z`, identity);
            assert.doesNotMatch(result, word);
          }
        },
      ),
    );
  });

  it('removes the home folder in every spelling', () => {
    const windows = { home: 'C:\\Users\\Jörg Müller', user: 'Jörg Müller', host: 'PC7' };
    for (const text of [
      'C:\\Users\\Jörg Müller\\x',
      'c:/users/jörg müller/x',
      String.raw`"C:\\Users\\Jörg Müller\\x"`,
      'file:///c%3A/Users/J%C3%B6rg%20M%C3%BCller/x',
      'C%3A%5CUsers%5CJ%C3%B6rg%20M%C3%BCller%5Cx',
      'C:\\Users\\Jörg Müller\\x'.normalize('NFD'),
    ])
      assert.doesNotMatch(redact(text, windows).normalize('NFC'), /J.{0,8}rg|M.{0,8}ller/i, text);
    assert.equal(redact('/home/alice/.ollama /home/alicent', nobody), '~/.ollama /home/<user>');
    assert.equal(redact('/srv/al/x', { home: '/srv/al', user: 'al', host: '' }), '~/x');
  });

  it('removes credentials and the text after a word for keys', () => {
    for (const [text, expected] of [
      ['http://me:se/cret@localhost:1', 'http://<credentials>@localhost:1'],
      ['me:secret@127.0.0.1:1', '<credentials>@127.0.0.1:1'],
      ['Authorization: Bearer abc.def', 'Authorization: <secret>'],
      ['"authorization":"Basic abc="', '"authorization":"<secret>"'],
      ['bearer abc', 'bearer <secret>'],
      ['X-Api-Key=abc, next', 'X-Api-Key=<secret>, next'],
      ['OLLAMA_TOKEN=abc', 'OLLAMA_TOKEN=<secret>'],
      ['ghp_abcdefgh1234', '<secret>'],
      ['ssh 3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'ssh <secret>'],
    ] as const)
      assert.equal(redact(text, nobody), expected);
  });

  it('names other machines, each always the same', () => {
    const make = redactor(nobody);
    assert.equal(make('http://gpu.corp.example.com:8080 and 8.8.8.8'), 'http://<host>:8080 and <host-2>');
    assert.equal(
      make('gpu.corp.example.com, gpu-box:11434, [2001:db8::7]:1'),
      '<host>, <host-3>:11434, [<host-4>]:1',
    );
    assert.equal(make('and gpu-box again'), 'and <host-3> again');
  });

  it('keeps text that identifies nobody', () => {
    for (const text of [
      'http://localhost:11434 http://127.0.0.1:11434 http://[::1]:11434 0.0.0.0 http://192.168.1.5:11434',
      '10.0.0.1 172.17.0.1 fe80::1 fd00::2 host.docker.internal:11434 http://host.containers.internal:1',
      'https://ollama.com/library README.md Node.js 22.18.0 http.noProxy 12:34:56',
      'qwen2.5-coder:1.5b llama3.1:70b-instruct-q4_K_M hf.co/bartowski/Qwen2.5-Coder-7B-Instruct-GGUF:Q4_K_M',
      'deepseek-coder-v2-lite-instruct-q4_K_M ECONNREFUSED UNABLE_TO_VERIFY_LEAF_SIGNATURE 4096 tokens',
      'Error: listen tcp 127.0.0.1:11434: bind: address already in use',
    ])
      assert.equal(redact(text, nobody), text);
    assert.equal(
      redact('root at the server', { home: '/root', user: 'root', host: 'server' }),
      'root at the server',
    );
  });
});
