/**
 * Keys, headers and code are sent only to the address that the user has decided about, whatever a workspace
 * sets.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  OllamaApprovalError,
  OllamaClient,
  type Guard,
  type OllamaSettings,
} from '../../../src/ollama/index.ts';
import { connectionOf, isOwn, type AddressSettings } from '../../../src/trust/connection.ts';
import { ApiKeys } from '../../../src/trust/apiKeys.ts';
import { Approvals } from '../../../src/trust/approvals.ts';
import { guardFor, type Decisions } from '../../../src/trust/guard.ts';
import { Revocations } from '../../../src/trust/revocations.ts';
import { SentLog } from '../../../src/trust/sentLog.ts';
import { startDouble } from '../../support/double/index.ts';
import { failureOf, settingsFor } from '../../support/faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'trust-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let windows = 0;

/** The decisions of a VS Code with these values and keys in its storage. */
function decisions(values: Record<string, unknown> = {}, keys: Record<string, string> = {}): Decisions {
  const storage = {
    get: (name: string, fallback: unknown) => values[name] ?? fallback,
    update: (name: string, value: unknown) => Promise.resolve(void (values[name] = value)),
  } as unknown as ConstructorParameters<typeof SentLog>[0];
  const secrets = {
    get: (name: string) => Promise.resolve(keys[name]),
    store: (name: string, value: string) => Promise.resolve(void (keys[name] = value)),
    delete: (name: string) => Promise.resolve(delete keys[name]),
    onDidChange: () => ({ dispose: () => undefined }),
  } as unknown as ConstructorParameters<typeof ApiKeys>[0];
  return {
    approvals: new Approvals(storage, new Revocations(join(folder, String(windows++)))),
    apiKeys: new ApiKeys(secrets, storage),
    sent: new SentLog(storage),
  };
}

const own: AddressSettings = { baseUrl: 'localhost', headers: { 'X-Key': 'mine' } };
const foreign = 'https://gw.example/teamA';

test('who has decided about an address and its headers', () => {
  const of = (used: AddressSettings): unknown[] => {
    const connection = connectionOf(used, own);
    const { address, ownHeaders, workspaceHeaders } = connection;
    return [isOwn(connection), address, ownHeaders, workspaceHeaders];
  };
  const here = 'http://localhost:11434';
  assert.deepEqual(of(own), [true, here, ['X-Key'], []]);
  assert.deepEqual(of({ ...own, baseUrl: 'http://localhost:11434/' }), [true, here, ['X-Key'], []]);
  assert.deepEqual(of({ ...own, baseUrl: 'localhost:1337' }), [
    false,
    'http://localhost:1337',
    ['X-Key'],
    [],
  ]);
  assert.deepEqual(of({ ...own, baseUrl: 'localhost/x' }), [false, `${here}/x`, ['X-Key'], []]);
  assert.deepEqual(of({ ...own, headers: { 'X-Key': 'theirs' } }), [false, here, [], ['X-Key']]);
  assert.deepEqual(of({ ...own, headers: { ...own.headers, 'x-key': 'theirs' } }), [
    false,
    here,
    ['X-Key'],
    ['x-key'],
  ]);
  assert.deepEqual(of({ ...own, baseUrl: 'http://a:b@localhost:11434' }), [
    false,
    here,
    ['X-Key'],
    ['authorization'],
  ]);
  assert.equal(isOwn(connectionOf(own, { baseUrl: 'no address', headers: {} })), false);
});

test('an address that a workspace has set needs an approval, on this machine too, and once', async () => {
  const { approvals } = decisions();
  for (const baseUrl of ['localhost:1337', 'http://127.0.0.1:11434', 'http://[::1]:11434', foreign]) {
    const connection = connectionOf({ ...own, baseUrl }, own);
    assert.equal(approvals.covers(connection), false, baseUrl);
    await approvals.give(connection.address, connection);
    assert.equal(approvals.covers(connection), true, baseUrl);
  }
  assert.equal(approvals.covers(connectionOf(own, own)), true, 'the own one on this machine needs none');
});

test('an approval counts for the headers that it names, and for a workspace’s values of them', async () => {
  const { approvals } = decisions();
  const without = connectionOf({ baseUrl: foreign, headers: {} }, own);
  await approvals.give(without.address, without);
  assert.equal(approvals.covers(without), true);
  const withKey = connectionOf({ ...own, baseUrl: foreign }, own);
  assert.equal(approvals.covers(withKey), false, 'the own headers were not named');
  await approvals.give(withKey.address, withKey);
  assert.equal(approvals.covers(withKey), true);
  const headers = (value: string): AddressSettings => ({
    ...own,
    headers: { ...own.headers, 'X-To': value },
  });
  const first = connectionOf(headers('a'), own);
  assert.equal(approvals.covers(first), false, 'not even to the own address');
  await approvals.give(first.address, first);
  assert.equal(approvals.covers(first), true);
  assert.equal(approvals.covers(connectionOf(headers('b'), own)), false);
  assert.ok(!JSON.stringify(approvals.all).includes('mine'), 'no value is kept');
});

test('entries stored without a path are valid for the root only', async () => {
  const origin = 'https://gw.example';
  const stored = { approvals: [{ origin, since: '2026-01-01T00:00:00Z' }], keyOrigins: [origin] };
  const trust = decisions(stored, { [`codeworm.apiKey ${origin}`]: 'k' });
  for (const [baseUrl, permitted] of [
    [origin, true],
    [`${origin}/`, true],
    [`${origin}/teamA`, false],
    [`${origin}//`, true],
    ['http://gw.example', false],
    [`${origin}:8443`, false],
  ] as const) {
    const settings = settingsFor(baseUrl);
    const { address } = connectionOf(settings, settings);
    const guard = guardFor(trust, settings, settings);
    assert.equal(guard.mayContact(address), permitted, baseUrl);
    assert.equal(await guard.apiKey(address), permitted ? 'k' : undefined, baseUrl);
  }
});

test('approvals and keys are for one path of a gateway, and revoked for it', async () => {
  const trust = decisions();
  const guardOf = (path: string): [Guard, string] => {
    const settings = settingsFor(`https://gw.example${path}`);
    return [guardFor(trust, settings, settings), connectionOf(settings, settings).address];
  };
  const [guard, address] = guardOf('/teamA');
  await trust.approvals.give(address);
  await trust.apiKeys.set(address, 'key of A');
  assert.equal(guard.mayContact(address), true);
  assert.equal(await guard.apiKey(address), 'key of A');
  for (const path of ['', '/teamB', '/teamA/sub', '/TEAMA', '/teamA/../teamB', '/teamA%2f..%2fteamB']) {
    const [other, otherAddress] = guardOf(path);
    assert.equal(other.mayContact(otherAddress), false, path);
    assert.equal(await other.apiKey(otherAddress), undefined, path);
  }
  await trust.approvals.revoke(address);
  assert.equal(guard.mayContact(address), false);
});

test('a server behind the server needs its own approval, on this machine too', async () => {
  const trust = decisions();
  const settings = settingsFor('http://127.0.0.1:11434');
  const guard = guardFor(trust, settings, settings);
  for (const host of ['https://ollama.com', 'http://localhost:1337']) {
    assert.equal(guard.mayContact(host), false, host);
    await trust.approvals.give(host);
    assert.equal(guard.mayContact(host), true, host);
    assert.equal(await guard.apiKey(host), undefined);
  }
});

test('what arrives at a workspace’s server on this machine: nothing before the approval, the named headers after it', async () => {
  await using double = await startDouble();
  const trust = decisions();
  const used: OllamaSettings = settingsFor(double.url, { headers: { 'X-Key': 'mine' } });
  const client = new OllamaClient(used, { guard: guardFor(trust, used, own) });
  try {
    assert.ok((await failureOf(client.generate({ prompt: 'x' }))) instanceof OllamaApprovalError);
    assert.equal(await client.prewarm(), false);
    assert.equal(double.connections.total, 0);
    await trust.approvals.give(connectionOf(used, own).address, connectionOf(used, own));
    await client.generate({ prompt: 'x' });
    assert.equal(double.requests[0]?.headers['x-key'], 'mine');
    assert.deepEqual(
      trust.sent.all.map(({ origin, count }) => [origin, count]),
      [[double.url, 1]],
    );
  } finally {
    await client.close();
  }
});
