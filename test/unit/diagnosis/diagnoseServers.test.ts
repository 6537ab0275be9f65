/** Addresses that may not be contacted, problems of working servers, and recommendations. */
import assert from 'node:assert/strict';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { afterEach, test } from 'node:test';
import { diagnose, type Finding } from '../../../src/diagnosis/index.ts';
import { defaultSettings, OllamaError, OllamaModelError } from '../../../src/ollama/index.ts';
import { startDouble, startRawServer, type OllamaDouble } from '../../support/double/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { inputFor, machineWith } from '../../support/machines.ts';
import { environment, never, inEnglish, only, configured, listening, closedPort } from './diagnosing.ts';

environment();
afterEach(() => environment());

function problemsOf({ verdict }: Finding): unknown[] {
  assert.equal(verdict.kind, 'working', inEnglish(verdict.summary));
  return verdict.kind === 'working' ? verdict.server.problems.map(({ kind }) => kind) : [];
}

test('a forbidden address is not contacted, and is reported', async () => {
  await using double = await startDouble();
  const { findings } = await diagnose(inputFor(double.url, { mayContact: () => false }), never);
  assert.deepEqual(new Set(findings.map(({ verdict }) => verdict.kind)), new Set(['notApproved']));
  assert.deepEqual(double.requests, []);
});

test('an invalid address is a finding, and its password is not shown', async () => {
  const { findings } = await diagnose(
    inputFor('ftp://me:secret@ollama.test', {
      machine: machineWith({ env: { OLLAMA_HOST: 'me:secret@not an address' } }),
      mayContact: () => false,
    }),
    never,
  );
  const unusable = findings.filter(({ verdict }) => verdict.kind === 'unusable');
  assert.deepEqual(
    unusable.map(({ why, address }) => [why, address]),
    [
      ['configured', 'ftp://ollama.test'],
      ['ollamaHost', 'not an address'],
    ],
  );
  assert.ok(!JSON.stringify(findings).includes('secret'));
});

test('another invalid setting', async () => {
  const input = only('http://127.0.0.1:11434');
  const { verdict } = await configured({
    ...input,
    settings: { ...defaultSettings, headers: { Host: 'other' } },
    mayContact: () => true,
  });
  assert.ok(verdict.kind === 'unusable');
  assert.equal(verdict.setting, 'headers');
});

const problems: [
  name: string,
  expected: unknown[],
  double: Parameters<typeof startDouble>[0],
  model?: string,
][] = [
  ['too old', ['tooOld'], { version: '0.12.5' }],
  ['new enough', [], { version: '0.12.6' }],
  ['a release candidate of a new one', [], { version: '0.33.0-rc2' }],
  ["a developer's build", [], { version: '0.0.0' }],
  ['no model at all', ['noModel'], { models: [] }],
  ['no model, and none named', ['noModel'], { models: [] }, ''],
  ['another model', ['modelMissing'], { models: [{ name: 'other' }] }],
  [
    'a model that only embeds',
    ['modelDoesNotComplete'],
    { models: [{ name: 'tiny', capabilities: ['embedding'] }] },
  ],
  ['bigger than the memory', ['biggerThanMemory'], { models: [{ name: 'tiny', sizeBytes: 17e9 }] }],
];
for (const [name, expected, options, model] of problems)
  test(`a server that works, but: ${name}`, async () => {
    await using double = await startDouble(options);
    const input = only(double.url);
    const finding = await configured({
      ...input,
      settings: { ...input.settings, ...(model === undefined ? {} : { model }) },
    });
    assert.deepEqual(problemsOf(finding), expected);
    assert.equal(inEnglish(finding.verdict.fix) === 'Nothing needs to be done.', expected.length === 0);
  });

test('a server that does not report what is loaded', async () => {
  await using double = await startDouble();
  void double.faultNext(({ path }) => path === '/api/ps', {
    kind: 'respond',
    status: 404,
    body: '404 page not found',
  });
  const finding = await configured(only(double.url));
  assert.deepEqual(problemsOf(finding), []);
  assert.ok(finding.verdict.kind === 'working' && finding.verdict.server.loaded === undefined);
});

test('errors of earlier requests belong to the configured server', async () => {
  await using double = await startDouble();
  const memory = new OllamaModelError('No memory.', { kind: 'outOfMemory' });
  const died = new OllamaModelError('It died.', { kind: 'runnerDied' });
  const gone = new OllamaError('Nothing answers.', { kind: 'unreachable' });
  for (const [more, expected] of [
    [{ lastProblem: memory }, ['outOfMemory']],
    [{ reducedNumCtx: 4096 }, ['outOfMemory']],
    [{ lastProblem: died }, ['lastFailure']],
    [{ lastProblem: gone }, []],
  ] as const) {
    const input = inputFor(double.url, { mayContact: (o) => new URL(o).port === `${double.port}`, ...more });
    const { findings } = await diagnose(input, never);
    assert.deepEqual(problemsOf(findings[0]), expected);
    const localhost = findings.find(({ address }) => address === `http://localhost:${double.port}`);
    assert.deepEqual(localhost && problemsOf(localhost), []);
  }
});

test('keys, headers and credentials go to the configured origin only, and nothing but GETs is sent', async (t) => {
  await using double = await startDouble();
  const seen: IncomingMessage[] = [];
  const other = createHttpServer((request, response) => {
    seen.push(request);
    response.end('{}');
  });
  const address = await listening(other);
  t.after(() => other.close());
  const settings = {
    ...defaultSettings,
    model: 'tiny',
    baseUrl: double.url.replace('//', '//me:secret@'),
    headers: { 'X-Team': 'blue' },
  };
  const environments = [
    { OLLAMA_HOST: `you:hidden@${address}` },
    { OLLAMA_HOST: address.replace(/^[^:]*/, 'localhost') },
  ];
  for (const env of environments)
    await diagnose({ ...inputFor(''), settings, machine: machineWith({ env }) }, never);
  assert.ok(seen.length >= environments.length);
  assert.deepEqual(
    seen.filter(({ headers }) => 'authorization' in headers || 'x-team' in headers),
    [],
  );
  assert.deepEqual(new Set(seen.map(({ method }) => method)), new Set(['GET']));
  const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  const own = double.requests.filter(({ headers }) => headers['x-team'] === 'blue');
  assert.deepEqual(new Set(own.map(({ headers }) => headers['authorization'])), new Set([basic]));
  assert.deepEqual(new Set(own.map(({ headers }) => headers.host)), new Set([`127.0.0.1:${double.port}`]));
  // The same server under other names gets no secret either.
  const others = double.requests.filter((request) => !own.includes(request));
  assert.ok(others.every(({ headers }) => !headers['authorization']) && others.length > 0);
  assert.deepEqual(new Set(double.requests.map(({ method }) => method)), new Set(['GET']));
  // A stored key replaces the credentials, and is sent to no other address either.
  const before = double.requests.length;
  const askedFor: string[] = [];
  const apiKey = async (origin: string) => (askedFor.push(origin), 'stored');
  await diagnose(
    { ...inputFor(''), settings, apiKey, machine: machineWith({ env: environments[0] ?? {} }) },
    never,
  );
  assert.deepEqual(askedFor, [double.url]);
  const later = double.requests.slice(before).map(({ headers }) => headers['authorization']);
  assert.deepEqual(new Set(later), new Set(['Bearer stored', undefined]));
  assert.ok(seen.every(({ headers }) => !('authorization' in headers)));
});

test('cancelled: it rejects with the reason and closes all connections', () =>
  withoutLeaks(async () => {
    await using silent = await startRawServer(() => controller.abort(new Error('enough')));
    const controller = new AbortController();
    await assert.rejects(diagnose(only(silent.url), controller.signal), /enough/);
    await silent.waitForNoConnections();
    await assert.rejects(diagnose(only(silent.url), controller.signal), /enough/);
  }));

const rightPort =
  (double: OllamaDouble) =>
  (origin: string): boolean =>
    new URL(origin).port === `${double.port}`;

test('recommended: the address without its path, but none while the configured one works', async () => {
  await using double = await startDouble();
  const input = inputFor(`${double.url}/elsewhere`, { mayContact: rightPort(double) });
  assert.equal((await diagnose(input, never)).recommended, double.url);
  const works = inputFor(double.url, { mayContact: rightPort(double) });
  assert.equal((await diagnose(works, never)).recommended, undefined);
});

test('recommended: a server with the model, when the configured one has none', async () => {
  await using empty = await startDouble({ models: [] });
  await using full = await startDouble();
  const input = inputFor(empty.url, {
    machine: machineWith({ env: { OLLAMA_HOST: full.url } }),
    mayContact: (origin) => [empty.url, full.url].includes(origin),
  });
  assert.equal((await diagnose(input, never)).recommended, full.url);
});

test('Ollama can be started when it is installed and nothing listens at its address', async () => {
  const address = await closedPort();
  const program = { platform: 'linux', env: { PATH: '/opt/x' }, home: '/home/me' } as const;
  const runnable = async (path: string) => (path === '/opt/x/ollama' ? path : undefined);
  const port = new URL(address).port;
  const input = inputFor(address, {
    program: { ...program, runnable },
    mayContact: (origin) => new URL(origin).port === port,
  });
  assert.deepEqual((await diagnose(input, never)).canStart, { program: '/opt/x/ollama', address });
  const untrusted = { ...input, untrustedFolders: ['/opt'] };
  assert.equal((await diagnose(untrusted, never)).canStart, undefined);
  await using double = await startDouble();
  const works = inputFor(double.url, { program: { ...program, runnable }, mayContact: rightPort(double) });
  assert.equal((await diagnose(works, never)).canStart, undefined);
});
