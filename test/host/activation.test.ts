import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import * as vscode from 'vscode';
import type { CodeWormApi } from '../../src/extension.ts';
import { describe, it } from './runner.ts';
import { status } from './world.ts';

// The first file by name: the tests start before VS Code activates extensions that wait for its start.
describe('activation', () => {
  it('opens no connection; the first probe comes after it', async () => {
    const extension = vscode.extensions.getExtension<CodeWormApi>('codeworm.codeworm');
    assert.ok(extension && !extension.isActive);
    let requests = 0;
    let early = 0;
    const onRequest = (message: unknown): void => {
      const { request } = message as { request: ClientRequest };
      // The extension host itself and other extensions connect to any address.
      if (request.getHeader('user-agent') !== 'CodeWorm') return;
      requests++;
      // The first probe may start before the test sees the end of the activation.
      if (!extension.isActive) early++;
    };
    subscribe('http.client.request.created', onRequest);
    try {
      const { status: first } = await extension.activate();
      assert.deepEqual({ early, first }, { early: 0, first: { kind: 'checking' } });
      await status('offline');
      assert.ok(requests > 0);
      assert.equal(early, 0);
    } finally {
      unsubscribe('http.client.request.created', onRequest);
    }
  });
});
