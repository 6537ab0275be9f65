import { test } from 'node:test';
import type { CommandId, CommandName, ContextKey, SettingName } from '../../src/contributions.ts';

test('a mistyped name does not compile', () => {
  const right: [CommandId, ContextKey, SettingName] = ['codeworm.explain', 'codeworm.working', 'numCtx'];
  // @ts-expect-error A command that does not exist.
  const command: CommandId = 'codeworm.explian';
  // @ts-expect-error A command without the prefix is the name, not the id.
  const name: CommandId = 'explain';
  // @ts-expect-error A context key that does not exist.
  const key: ContextKey = 'codeworm.wroking';
  // @ts-expect-error A setting that does not exist.
  const setting: SettingName = 'numCtxs';
  // @ts-expect-error A table of handlers that lacks commands.
  const handlers: Record<CommandName, () => void> = { explain: () => undefined };
  void [right, command, name, key, setting, handlers];
});
