import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import * as vscode from 'vscode';
import type { CodeWormApi } from '../../src/extension.ts';
import { describe, it } from './runner.ts';
import { status } from './world.ts';

// First by its name: the tests begin before VS Code has got to the extensions that wait for its start to be over.
describe('activation', () => {
  it('opens no connection, and looks at the server only after it', async () => {
    const extension = vscode.extensions.getExtension<CodeWormApi>('codeworm.codeworm');
    assert.ok(extension && !extension.isActive);
    let requests = 0;
    let early = 0;
    const onRequest = (message: unknown): void => {
      const { request } = message as { request: ClientRequest };
      // The extension host itself and other extensions connect to where they like.
      if (request.getHeader('user-agent') !== 'CodeWorm') return;
      requests++;
      // The test may hear of the end of the activation when the first look is under way.
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
