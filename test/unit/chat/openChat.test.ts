import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { extensionListeners, setVersion, shown } from '../../support/chatVscode.ts';

const { openChat, stopChat } = await import('../../../src/commands/openChat.ts');

const open = 'workbench.action.chat.open';
const typed = { query: '@codeworm ', isPartialQuery: true, mode: 'ask', previousRequests: [] };
const known = (): typeof shown.settings => ({
  'chat.allowAnonymousAccess': { defaultValue: false },
  'chat.utilityModel': { defaultValue: '' },
  'chat.utilitySmallModel': { defaultValue: '', globalValue: 'copilot/mini' },
});

describe('Chat With Your Model', () => {
  const stored = new Map<string, unknown>();
  const storage = {
    get: (key: string) => stored.get(key),
    update: async (key: string, value: unknown) =>
      void (value === undefined ? stored.delete(key) : stored.set(key, value)),
  };
  const services = { storage, monitor: { facts: { model: 'tiny:latest' } } } as never;

  beforeEach(() => {
    stored.clear();
    Object.assign(shown, { executed: [], messages: [], accounts: [], press: undefined, settings: known() });
    shown.chatExtension = 'active';
    setVersion('1.139.0');
    shown.models = ['other:1b', 'tiny:latest'];
  });

  it('types @codeworm where no model of ours can be chosen', async () => {
    shown.models = [];
    await openChat(services);
    assert.deepEqual(shown.executed, [[open, typed]]);
    assert.deepEqual(shown.messages, []);
  });

  it('chooses the model in use when an account is signed in, and asks nothing', async () => {
    shown.accounts = ['me'];
    await openChat(services);
    assert.deepEqual(shown.executed, [[open, { modelSelector: { vendor: 'codeworm', id: 'tiny:latest' } }]]);
    assert.deepEqual(shown.messages, []);
  });

  it('enables the extension of the chat before the first question, once, and only without signing in', async () => {
    shown.press = 'Change Settings';
    for (const state of ['disabled', 'enabled', 'active'] as const) {
      Object.assign(shown, { chatExtension: state, executed: [] });
      await openChat(services);
      assert.equal(shown.chatExtension, 'active');
      const commands = shown.executed.map(([name]) => name).filter((name) => name !== 'setContext');
      const setup = 'workbench.action.chat.triggerSetupAnonymousWithoutDialog';
      assert.deepEqual(commands, state === 'disabled' ? [setup, open] : [open]);
    }
    Object.assign(shown, { chatExtension: 'disabled', refusesChat: true, executed: [] });
    await openChat(services);
    assert.equal(extensionListeners.size, 0, 'nothing listens any more');
    Object.assign(shown, {
      chatExtension: 'disabled',
      refusesChat: false,
      accounts: ['me'],
      settings: known(),
      executed: [],
    });
    await openChat(services);
    assert.deepEqual(
      shown.executed.map(([name]) => name),
      [open],
    );
  });

  it('says that an older VS Code cannot do without signing in', async () => {
    setVersion('1.120.3');
    await openChat(services);
    assert.match(shown.messages[0]!, /asks to sign in before its chat uses your model.*1\.121/);
    assert.deepEqual(shown.executed, [[open, typed]]);
  });

  it('reports it where VS Code allows no change, and has changed nothing', async () => {
    delete shown.settings['chat.allowAnonymousAccess'];
    const before = structuredClone(shown.settings);
    shown.press = 'Change Settings';
    await openChat(services);
    assert.match(shown.messages.at(-1)!, /does not let an extension change chat\.allowAnonymousAccess/);
    assert.deepEqual(shown.settings, before);
    assert.deepEqual(shown.executed.at(-1), [open, typed]);
    assert.equal(stored.size, 0);
  });

  it('changes no setting without being told to', async () => {
    const before = structuredClone(shown.settings);
    for (const press of [undefined, 'Use @codeworm']) {
      shown.press = press;
      await openChat(services);
    }
    assert.deepEqual(shown.settings, before);
    assert.deepEqual(shown.executed, [
      [open, typed],
      [open, typed],
    ]);
    assert.equal(stored.size, 0);
  });

  it('changes the settings when it is told to, keeps what the user has chosen, and Stop puts them back', async () => {
    const before = structuredClone(shown.settings);
    shown.press = 'Change Settings';
    await openChat(services);
    assert.deepEqual(
      Object.values(shown.settings).map(({ globalValue }) => globalValue),
      [true, 'codeworm/tiny:latest', 'copilot/mini'],
    );
    assert.deepEqual(shown.executed.at(-1), [
      open,
      { modelSelector: { vendor: 'codeworm', id: 'tiny:latest' } },
    ]);
    await openChat(services);
    assert.equal(shown.messages.length, 2);
    await stopChat(services);
    assert.deepEqual(shown.settings, before);
    assert.equal(stored.size, 0);
  });
});
