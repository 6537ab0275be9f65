/**
 * A real nginx with two servers, one of which fails: requests without text yet succeed on the other, for each
 * protocol.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { OllamaSettings } from '../../../src/ollama/index.ts';
import { ClientProcess } from '../../support/clientProcess.ts';
import {
  startDouble,
  type Gate,
  type OllamaDouble,
  type RecordedRequest,
} from '../../support/double/index.ts';
import { findNginx, startNginx, type Nginx } from '../../support/nginx.ts';
import { wires, type Wire } from '../../support/wires.ts';

const nginx = findNginx();
const skip = 'missing' in nginx ? nginx.missing : false;

const tokensFor = (prompt: string): string[] => [
  `${prompt}: `,
  ...['one ', 'two ', 'three ', 'four ', 'five'],
];
const answerTo = (prompt: string): string => tokensFor(prompt).join('');
const promptOf = ({ body }: RecordedRequest): string => body.prompt ?? body.messages?.at(-1)?.content ?? '';

/** @param servers the ports of the two servers */
function config(gateway: number, servers: readonly number[]): string {
  const onward = 'proxy_pass http://servers/; proxy_set_header Host localhost; proxy_buffering off;';
  const kept = 'proxy_http_version 1.1; proxy_set_header Connection "";';
  return `
  upstream servers {
    ${servers.map((port) => `server 127.0.0.1:${port} max_fails=1 fail_timeout=1s;`).join('\n    ')}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${gateway};
    location /kept/ { ${kept} ${onward} proxy_read_timeout 600s; }
    location /simple/ { ${onward} }
  }`;
}

for (const wire of wires) describe(`two servers behind nginx, ${wire.name}`, { skip }, () => replicas(wire));

function replicas(wire: Wire): void {
  const { protocol } = wire;
  const isGeneration = (request: RecordedRequest): boolean =>
    request.path === wire.path && promptOf(request) !== '';
  let gateway: Nginx;
  let client: ClientProcess;
  const servers: OllamaDouble[] = [];
  const gates: Gate[] = [];
  const settings = (path: string): Partial<OllamaSettings> => ({
    baseUrl: `http://127.0.0.1:${gateway.port}/${path}`,
  });
  const startServer = (): Promise<OllamaDouble> =>
    startDouble({ protocol, numParallel: 50, answer: ({ prompt }) => tokensFor(prompt) });

  before(async () => {
    servers.push(await startServer(), await startServer());
    const { command } = nginx as { command: string };
    gateway = await startNginx(command, (port) =>
      config(
        port,
        servers.map((server) => server.port),
      ),
    );
    client = new ClientProcess({});
  });

  beforeEach(async () => {
    for (const server of servers) await server.start();
    // The gateway does not use a failed server for a while (fail_timeout).
    const earlier = servers.map(({ requests }) => requests.length);
    while (servers.some(({ requests }, n) => requests.length === earlier[n]))
      await client.generate(settings('kept'), ['x'], { protocol, attempts: 9, delayMs: 100 });
  });

  afterEach(() => {
    for (const gate of gates.splice(0)) gate.release();
  });

  after(async () => {
    await client?.[Symbol.asyncDispose]();
    await gateway?.stop();
    for (const server of servers) await server.close();
  });

  /**
   * Waits until the failing server holds 8 requests. Every second one has no text yet, the others have three
   * tokens.
   */
  async function eightHeld(dying: OllamaDouble): Promise<Set<string>> {
    const earlier = dying.requests.length;
    const place = (request: RecordedRequest): number =>
      dying.requests.slice(earlier).filter(isGeneration).indexOf(request);
    gates.push(
      dying.hold('firstToken', (request) => place(request) % 2 === 0),
      dying.hold({ afterTokens: 3 }, (request) => place(request) % 2 === 1),
    );
    const held: RecordedRequest[] = [];
    const wanted = (request: RecordedRequest): boolean => isGeneration(request) && place(request) >= 0;
    while (held.length < 8) held.push(await dying.nextRequest(wanted));
    await Promise.all(held.map((request, n) => (n % 2 ? request.tokens(3) : request.phase('reading'))));
    return new Set(held.filter((_, n) => n % 2 === 1).map(promptOf));
  }

  const sixty = Array.from({ length: 60 }, (_, index) => `question ${index}`);

  for (const path of ['kept', 'simple']) {
    test(`one of two servers dies during 60 generations (/${path}/): none without text is lost`, async () => {
      const dying = servers[0]!;
      const held = eightHeld(dying);
      const running = client.generate(settings(path), sixty, { protocol, parallel: 8, attempts: 3 });
      const begun = await held;
      await dying.stop();
      const outcomes = await running;
      assert.equal(outcomes.length, 60);
      for (const { prompt, text, name, kind, partialText, message } of outcomes) {
        if (text !== undefined || !begun.has(prompt)) assert.equal(text, answerTo(prompt), message);
        else {
          assert.deepEqual([name, kind], ['OllamaProtocolError', 'cut'], message);
          // What the gateway has not read when the server fails is lost.
          const prefixes = [1, 2, 3].map((count) => tokensFor(prompt).slice(0, count).join(''));
          assert.ok(prefixes.includes(partialText!), partialText);
        }
      }
    });

    test(`the same with streams that have arrived (/${path}/): the errors carry exactly that`, async () => {
      const dying = servers[0]!;
      const held = eightHeld(dying);
      const arrived = new Set<string>();
      let onArrived: () => void = () => undefined;
      const onText = (prompt: string, text: string): void => {
        if (text !== tokensFor(prompt).slice(0, 3).join('')) return;
        arrived.add(prompt);
        onArrived();
      };
      const running = client.generate(settings(path), sixty, { protocol, parallel: 8, attempts: 3, onText });
      const begun = await held;
      while (![...begun].every((prompt) => arrived.has(prompt)))
        await new Promise<void>((resolve) => (onArrived = resolve));
      await dying.stop();
      const outcomes = await running;
      const failed = outcomes.filter(({ text }) => text === undefined);
      assert.deepEqual(new Set(failed.map(({ prompt }) => prompt)), begun);
      for (const { prompt, name, kind, partialText, handed } of failed) {
        const sent = tokensFor(prompt).slice(0, 3).join('');
        assert.deepEqual([name, kind, partialText, handed], ['OllamaProtocolError', 'cut', sent, sent]);
      }
      const whole = outcomes.filter(({ text }) => text !== undefined);
      assert.deepEqual([failed.length, whole.length], [4, 56]);
      for (const { prompt, text, handed } of whole)
        assert.deepEqual([text, handed], [answerTo(prompt), answerTo(prompt)]);
    });
  }
}
