/** Requests with a body ask for `100 Continue`, unless that causes harm. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { startRawServer } from '../../support/double/index.ts';
import { chunked, clientFor, sized, wholeAnswer } from '../../support/faults.ts';
import { withoutLeaks } from '../../support/leaks.ts';

const limit = { timeout: 20_000 };

test('a server that refuses to confirm is not asked again', limit, () =>
  withoutLeaks(async () => {
    await using server = await startRawServer((socket, { headers }) => {
      socket.write(headers['expect'] ? sized('417 Expectation Failed', '') : chunked(wholeAnswer));
    });
    await using client = clientFor(server.url);
    for (let count = 0; count < 3; count++)
      assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
    assert.deepEqual(
      server.requests.map(({ headers }) => headers['expect']),
      ['100-continue', undefined, undefined, undefined],
    );
  }),
);

test('with another agent, no confirmation is requested, and nothing is sent twice', limit, () =>
  withoutLeaks(async () => {
    const agent = new http.Agent();
    const original = http.request;
    http.request = ((url: string, options: http.RequestOptions) =>
      original(url, { ...options, agent })) as typeof http.request;
    try {
      await using server = await startRawServer((socket) => void socket.write(chunked(wholeAnswer)));
      await using client = clientFor(server.url);
      for (let count = 0; count < 2; count++)
        assert.equal((await client.generate({ prompt: 'x' })).text, 'one two');
      assert.deepEqual(
        server.requests.map(({ headers }) => headers['expect']),
        [undefined, undefined],
      );
    } finally {
      http.request = original;
      agent.destroy();
    }
  }),
);
