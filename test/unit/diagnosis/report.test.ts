/** The report: its content, that it is inactive, and that it contains nothing private. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  conclusionOf,
  diagnose,
  problemWords,
  redact,
  redactor,
  reportOf,
  type Diagnosis,
  type DiagnosisInput,
  type Identity,
  type ReportFacts,
} from '../../../src/diagnosis/index.ts';
import { inert } from '../../../src/diagnosis/inert.ts';
import { defaultSettings, type LocalizableMessage } from '../../../src/ollama/index.ts';
import { startDouble } from '../../support/double/index.ts';
import { inputFor, machineWith } from '../../support/machines.ts';

const never = new AbortController().signal;
const inEnglish = ({ template, args }: LocalizableMessage): string =>
  template.replaceAll(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)]));
const nobody: Identity = { home: '/home/alice', user: 'alice', host: 'wonderland' };

const facts: ReportFacts = {
  extensionVersion: '0.1.0',
  vscodeVersion: '1.104.0',
  platform: 'linux',
  arch: 'x64',
  nodeVersion: '22.18.0',
  settings: { ...defaultSettings, model: 'tiny' },
  headerNames: ['Authorization', 'X-Team'],
  keyStored: true,
};

async function diagnosed(baseUrl: string, more: Partial<DiagnosisInput> = {}): Promise<Diagnosis> {
  const origins = new Set([new URL(baseUrl).origin]);
  return diagnose(inputFor(baseUrl, { mayContact: (origin) => origins.has(origin), ...more }), never);
}

describe('the report', () => {
  it('begins with what it comes down to, and tells everything that was found', async () => {
    await using double = await startDouble({
      gpuShare: 0.5,
      models: [{ name: 'tiny', sizeBytes: 4_700_000_000 }, { name: 'other' }],
    });
    const { port } = double;
    await fetch(`${double.url}/api/generate`, { method: 'POST', body: '{"model":"tiny"}' });
    const diagnosis = await diagnosed(double.url, {
      machine: machineWith({ files: { '/.dockerenv': '' }, env: { OLLAMA_HOST: '0.0.0.0' } }),
    });
    const lines = reportOf(diagnosis, facts, nobody, inEnglish).split('\n');
    assert.deepEqual(lines.slice(0, 5), [
      '# CodeWorm: the connection to Ollama',
      '',
      `**Ollama \`0.33.0\` answers at \`http://127.0.0.1:${port}\`.**`,
      '',
      'Nothing needs to be done.',
    ]);
    for (const line of [
      `| \`http://127.0.0.1:${port}\` | It is the configured address. | Ollama \`0.33.0\` answers at \`http://127.0.0.1:${port}\`. |`,
      '| `tiny:latest` | 4.7 GB | `1.5B` | `Q4_K_M` |',
      '- Loaded: `tiny:latest` (4.7 GB, 50 % of it on the GPU, context window 4096 tokens)',
      '- Model in use: `tiny`',
      '- Model: `tiny`',
      '- Headers: `Authorization` `X-Team`',
      '- A key is stored.',
      '- A container.',
      '- OLLAMA_HOST: `0.0.0.0`',
      '- System: `linux` `x64`',
    ])
      assert.ok(lines.includes(line), `${line}\nis missing in\n${lines.join('\n')}`);
  });

  it('says once what helps in several places, and nothing of other places when all is well', async () => {
    await using double = await startDouble();
    const mayContact = (origin: string): boolean => new URL(origin).port === String(double.port);
    const remediesIn = (text: string): string[] =>
      /## What can be done\n\n((?:- .*\n)*)/.exec(text)?.[1]?.trim().split('\n') ?? [];
    const well = await diagnosed(double.url, { mayContact });
    assert.equal(remediesIn(reportOf(well, facts, nobody, inEnglish)).length, 1);
    const { url } = double;
    await double.stop();
    const ill = remediesIn(reportOf(await diagnosed(url, { mayContact }), facts, nobody, inEnglish));
    assert.match(ill[0] ?? '', /^- `http:\/\/127.*` `http:\/\/localhost.*` Run "sudo systemctl/);
    await double.start();
  });

  it('comes to one conclusion', async () => {
    await using double = await startDouble({ models: [] });
    await using full = await startDouble();
    const conclusion = async (input: Partial<DiagnosisInput>, baseUrl = double.url): Promise<string> => {
      const { summary: finding, fix: remedy } = conclusionOf(await diagnosed(baseUrl, input));
      return `${inEnglish(finding)} ${inEnglish(remedy)}`;
    };
    assert.match(await conclusion({}), /^No model is installed on .* Pull one/);
    const { port } = double;
    await double.stop();
    const machine = machineWith({ env: { OLLAMA_HOST: full.url } });
    const mayContact = (origin: string): boolean =>
      [String(port), String(full.port)].includes(new URL(origin).port);
    assert.equal(
      await conclusion({ machine, mayContact }),
      `Nothing listens at ${double.url}. Ollama answers at ${full.url}: use this address.`,
    );
    const program = {
      platform: 'linux' as const,
      env: { PATH: '/bin' },
      home: '/',
      runnable: async (path: string) => path,
    };
    assert.match(await conclusion({ program }), /^Ollama is installed on this machine, and does not run at/);
    assert.match(await conclusion({}), /^Nothing listens at .* Run "sudo systemctl/);
    await double.start();
  });

  it('shows nothing of the user, whatever the texts are, and nothing that a reader would follow', async () => {
    const nasty = 'x` [a](command:evil) <img src=x> | @alice\u202E\u0000\nhttps://evil.example/?q=1';
    await using double = await startDouble({ models: [{ name: nasty }, { name: '/home/alice/model' }] });
    const key = 'sk-live-51H8xkq2eZvKYlo2C';
    const diagnosis = await diagnosed(`http://me:pa55word@127.0.0.1:${double.port}`, {
      machine: machineWith({ env: { OLLAMA_HOST: 'https://you:hid%20den@gpu.corp.example.com' } }),
    });
    const settings = { ...defaultSettings, model: nasty, keepAlive: '/home/alice/x' };
    const identity = { ...nobody, secrets: [key] };
    const found = {
      ...diagnosis,
      canStart: { program: '/home/alice/bin/ollama', address: 'http://127.0.0.1:1' },
    };
    const report = reportOf(found, { ...facts, settings, headerNames: [key, nasty] }, identity, inEnglish);
    for (const secret of [
      key,
      'pa55word',
      'hid%20',
      'den@',
      'gpu.corp',
      'example.com',
      'alice',
      '\u202E',
      '\u0000',
    ])
      assert.ok(!report.includes(secret), `${secret} in\n${report}`);
    const outside = report.replaceAll(/`[^`\n]*`/g, '');
    assert.doesNotMatch(outside, /command:|<img|@|\]\(|evil/);
    assert.ok(report.includes('https://<host>') && report.includes('- Program: `~/bin/ollama`'));
  });

  it('has words for every problem', () => {
    const memory = problemWords({ kind: 'outOfMemory', model: 'm', numCtx: 4096 }, 'http://h');
    assert.match(inEnglish(memory.summary), /works with 4096 tokens now/);
  });
});

describe('inert texts', () => {
  const show = inert((text) => text);

  it('are one code span of one line, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const shown = show(text);
        assert.match(shown, /^(?:–|`[^`|\n\r]{1,301}`)$/);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});

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
  it('takes out long secrets', () => {
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

  it('takes out what is known to be secret', () => {
    gone({ ...nobody, secrets: ['pässw/rd+1'] }, fc.constant('pässw/rd+1'), contains);
    gone({ ...nobody, secrets: ['pässw/rd+1'] }, fc.constant(encodeURIComponent('pässw/rd+1')), contains);
  });

  it('takes out the user in every path', () => {
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

  it('takes out the user and the machine as words', () => {
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

  it('takes out the home folder, however it is written', () => {
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

  it('takes out credentials and what follows a word for keys', () => {
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

  it('leaves what tells nothing about anybody', () => {
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
