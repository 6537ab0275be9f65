import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAttachment } from '../../../../src/chat/participant/attachments.ts';
import { actionOf } from '../../../../src/chat/participant/chatCommands.ts';

test('what the user attaches is told from what VS Code adds', () => {
  for (const id of ['file:///a/b.ts', 'vscode-remote://host/a', 'image', 'file:///vscode.implicit.ts'])
    assert.ok(isAttachment({ id }), id);
  for (const id of [
    'vscode.implicit',
    'vscode.implicit.selection',
    'vscode.instructions.file.root__file:///a.md',
    'vscode.prompt.file__x',
    'vscode.customizations.index',
  ])
    assert.ok(!isAttachment({ id }), id);
});

test('every slash command of the manifest has an action of its own; without one, the question is asked', async () => {
  const { readManifest } = await import('../../../support/docs.ts');
  const contributes = readManifest().contributes as unknown as {
    chatParticipants: { commands: { name: string }[] }[];
  };
  const names = contributes.chatParticipants[0]!.commands.map(({ name }) => name);
  assert.deepEqual(names.map(actionOf), ['explain', 'findBugs', 'writeTests', 'document', 'fix']);
  assert.equal(actionOf(undefined), 'ask');
  assert.equal(actionOf('toString'), 'ask');
});
