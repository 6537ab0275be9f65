/** The report: its content, that it is inactive, and that it contains nothing private. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  conclusionOf,
  diagnose,
  problemWords,
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
  it('starts with the conclusion, and contains all findings', async () => {
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
      '# CodeWorm: the connection to the server',
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

  it('lists a common remedy once, and no remedy for other addresses when all is well', async () => {
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
      `Nothing listens at ${double.url}. A server answers at ${full.url}: use this address.`,
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

  it('contains nothing about the user and nothing active, for any texts', async () => {
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

  it('are one code span on one line, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const shown = show(text);
        assert.match(shown, /^(?:–|`[^`|\n\r]{1,301}`)$/);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
