/** The connections of a client on a system that is slower than the client's `close`. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as send } from 'node:http';
import { test } from 'node:test';
import { Pool } from '../../../src/http/pool.ts';
import { startDouble } from '../../support/double/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';

test('a request that reaches the agent only when the pool is closed opens no connection', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    const pool = new Pool();
    const agent = pool.agentFor(new URL(double.url));
    await pool.destroy();
    const request = send(double.url, { agent });
    const [error] = (await once(request, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(double.connections.total, 0);
  }));
