/** A diagnosis ends in time, and says what it found, whatever servers, files and programs do. */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { diagnose, type DiagnosisInput, type Verdict } from '../../../src/diagnosis/index.ts';
import { failureOf } from '../../support/faults.ts';
import { inputFor, machineWith, withoutOllama } from '../../support/machines.ts';
import { listening } from '../../support/slowServers.ts';
import { inEnglish, never, only } from './diagnosing.ts';

/** For servers that never end by themselves, in milliseconds. */
const limits = { questionMs: 1000, totalMs: 10_000 };
/** For servers whose behaviour ends by itself, or at a limit of its length: never reached. */
const patience = { questionMs: 20_000, totalMs: 60_000 };
const forever = <T>(): Promise<T> => new Promise(() => undefined);

type Behaviour = (socket: Socket, path: string) => void;

const head = (status: string, more = ''): string => `HTTP/1.1 ${status}\r\n${more}\r\n`;
const whole = (status: string, body: string): string =>
  `${head(status, `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`)}${body}`;
const notThere = whole('404 Not Found', '{"detail":"Not Found"}');
const chunked = 'Transfer-Encoding: chunked\r\n';

/** Writes `text` again and again, as fast as the reader takes it or every few milliseconds. */
function endless(socket: Socket, text: string, pauseMs?: number): void {
  const block = pauseMs === undefined ? Buffer.alloc(65_536, text) : text;
  const write = (): void => {
    if (socket.destroyed) return;
    const isTaken = socket.write(block);
    if (pauseMs !== undefined) setTimeout(write, pauseMs);
    else if (isTaken) setImmediate(write);
    else socket.once('drain', write);
  };
  write();
}

const list = (more: object): string =>
  whole('200 OK', JSON.stringify({ object: 'list', data: [{ id: 'tiny', ...more }] }));
/** Tells its models, and then does something else. */
const withList =
  (more: object, then: Behaviour): Behaviour =>
  (socket, path) =>
    path === '/v1/models'
      ? void socket.write(list(more))
      : path === '/api/version'
        ? void socket.write(notThere)
        : then(socket, path);

const silent: Behaviour = () => undefined;
const headersOnly: Behaviour = (socket) => void socket.write(head('200 OK', 'Content-Length: 10\r\n'));
const drips =
  (status: string): Behaviour =>
  (socket) => {
    socket.write(head(status, chunked));
    endless(socket, '1\r\n \r\n', 5);
  };
const floods =
  (status: string, text: string): Behaviour =>
  (socket) => {
    socket.write(head(status));
    endless(socket, text);
  };
const inCircles: Behaviour = (socket, path) =>
  void socket.write(head('302 Found', `Location: ${path}\r\nContent-Length: 0\r\n`));

const says = { silent: /then says nothing/, begun: /begins its answer, and does not end it/ };

type Case = [name: string, behave: Behaviour, kind: Verdict['kind'], summary?: RegExp];

const behaviours: Case[] = [
  ['never answers', silent, 'silent', says.silent],
  ['sends a status line only', (socket) => void socket.write('HTTP/1.1 200 OK\r\n'), 'silent', says.begun],
  ['sends headers only', headersOnly, 'silent', says.begun],
  [
    'sends headers without end',
    (socket) => endless(socket.setNoDelay(), 'HTTP/1.1 100 C\r\n\r\n', 5),
    'silent',
    says.begun,
  ],
  ['drips a body', drips('200 OK'), 'silent', says.begun],
  ['drips a page', drips('404 Not Found'), 'foreignService'],
  ['drips a refusal', drips('401 Unauthorized'), 'keyMissing'],
  ['is busy, and drips that', drips('503 Service Unavailable'), 'otherError', /busy/],
  [
    'switches protocols',
    (socket) => void socket.write(head('101 X', 'Connection: upgrade\r\nUpgrade: x\r\n')),
    'silent',
  ],
  [
    'tells its version, and then nothing',
    (socket, path) => path === '/api/version' && socket.write(whole('200 OK', '{"version":"0.13.0"}')),
    'silent',
    says.begun,
  ],
  ['knows only the list of models', withList({}, silent), 'working', /OpenAI API answers/],
  [
    'is llama-server without the rest',
    withList({ owned_by: 'llamacpp' }, silent),
    'working',
    /llama-server answers/,
  ],
  ['is vLLM that drips the rest', withList({ owned_by: 'vllm' }, drips('200 OK')), 'working', /vLLM answers/],
  [
    'answers only what it knows',
    (socket, path) => path === '/v1/models' && socket.write(list({})),
    'working',
    /OpenAI API answers/,
  ],
];

/** The diagnosis itself ends the conversation. */
const ended: Case[] = [
  ['redirects in circles', inCircles, 'redirected'],
  ['answers 200 without end', floods('200 OK', '{"version":['), 'foreignService'],
  ['answers 404 without end', floods('404 Not Found', '<html>'), 'foreignService'],
  ['sends no HTTP, without end', (socket) => endless(socket, 'abc\0'), 'foreignService'],
];

/** A server with one behaviour for every request. */
async function serverThat(behave: Behaviour): ReturnType<typeof listening> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [, path = ''] of data.toString('latin1').matchAll(/^[A-Z]+ (\S+) HTTP/gm))
        behave(socket, path);
    });
  });
  return listening(server);
}

const stuck: [name: string, input: Partial<DiagnosisInput>][] = [
  ['files', { machine: { ...machineWith(), readText: forever, exists: forever } }],
  ['programs', { program: { ...withoutOllama, env: { PATH: '/bin' }, runnable: forever } }],
  ['the secret storage', { apiKey: forever }],
];

function testOf([name, behave, kind, summary = /./]: Case, within: typeof limits): void {
  test(`a server that ${name}: ${kind}`, { timeout: 60_000 }, async () => {
    await using server = await serverThat(behave);
    const { findings } = await diagnose(only(server.url, { limits: within }), never);
    const [{ verdict }] = findings;
    assert.equal(verdict.kind, kind);
    assert.match(inEnglish(verdict.summary), summary);
  });
}

describe('a diagnosis ends by itself', () => {
  for (const one of ended) testOf(one, patience);
});

// At once, because they mostly wait.
describe('a diagnosis', { concurrency: 16 }, () => {
  for (const one of behaviours) testOf(one, limits);

  for (const [name, input] of stuck)
    test(`a diagnosis ends although ${name} never answer`, { timeout: 30_000 }, async () => {
      await using server = await serverThat(withList({}, silent));
      const { findings } = await diagnose(
        only(server.url, { limits: { ...limits, totalMs: 4000 }, ...input }),
        never,
      );
      assert.equal(findings[0].verdict.kind, name === 'the secret storage' ? 'silent' : 'working');
    });

  for (const [name, behave] of behaviours.slice(0, 5))
    for (const [what, input] of [['', {}], ...stuck] as typeof stuck)
      test(`it can be cancelled at a server that ${name} ${what}`, { timeout: 30_000 }, async () => {
        const abort = new AbortController();
        const reason = new Error('cancelled');
        await using server = await serverThat((socket, path) => {
          behave(socket, path);
          abort.abort(reason);
        });
        if (what !== '') setImmediate(() => abort.abort(reason));
        const all = inputFor(server.url, { limits: { questionMs: 60_000, totalMs: 60_000 }, ...input });
        assert.equal(
          await failureOf(diagnose({ ...all, mayContact: (one) => one === server.url }, abort.signal)),
          reason,
        );
      });
});
