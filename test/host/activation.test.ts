import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import * as vscode from 'vscode';
import type { CodeWormApi } from '../../src/extension.ts';
import { describe, it } from './runner.ts';
import { status } from './world.ts';

// First by its name: the tests begin before VS Code has got to the extensions that wait for its start to be over.
describe('activation', () => {
  it('opens no connection, and looks at the server only after it', async () => {
    const extension = vscode.extensions.getExtension<CodeWormApi>('codeworm.codeworm');
    assert.equal(extension?.isActive, false);
    let sockets = 0;
    const onSocket = (): unknown => sockets++;
    subscribe('net.client.socket', onSocket);
    try {
      const { status: first } = await extension.activate();
      assert.deepEqual({ sockets, first }, { sockets: 0, first: { kind: 'checking' } });
      await status('offline');
      assert.ok(sockets > 0);
    } finally {
      unsubscribe('net.client.socket', onSocket);
    }
  });
});
