/** The models in VS Code's chat. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seen } from './fakeVscode.ts';
import { agent, ask, begin, list, look, world, type Model } from './providerWorld.ts';

describe('the list of models', () => {
  test('has those that can answer, with the context window less the part for the answer', async () => {
    await begin(
      {
        models: [
          { ...agent, capabilities: [...agent.capabilities, 'vision'], contextLength: 8192 },
          { name: 'small:1b', capabilities: ['completion'], sizeBytes: 1e9 },
          { name: 'vectors:latest', capabilities: ['embedding'] },
          { name: 'coder:1b-base', capabilities: ['completion', 'insert'] },
          { name: 'raw:latest', capabilities: ['completion'], template: '{{ .Prompt }}' },
        ],
      },
      { numCtx: 16_384, numPredict: 1000 },
    );
    const shown = (await list()).map(({ id, maxInputTokens, maxOutputTokens, capabilities, detail }) => [
      id,
      maxInputTokens,
      maxOutputTokens,
      capabilities.toolCalling,
      capabilities.imageInput,
      detail,
    ]);
    assert.deepEqual(shown, [
      ['agent:latest', 7192, 1000, true, true, '2 GB'],
      ['small:1b', 15_384, 1000, false, false, '1 GB'],
    ]);
  });

  test('shows what is loaded, and changes with the loaded models and the list', async () => {
    const model = await begin();
    assert.equal(world.changes, 0);
    await ask(model).done;
    await look();
    assert.equal(world.changes, 1);
    assert.equal((await list())[0]?.detail, '2 GB · loaded');
    await look();
    assert.equal(world.changes, 1, 'nothing is new');
    world.double.setModels([agent, { ...agent, name: 'new:latest' }]);
    await look();
    assert.equal(world.changes, 2);
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      ['agent:latest', 'new:latest'],
    );
  });

  test('makes no request for known facts', async () => {
    await begin();
    const before = world.double.requests.length;
    await list();
    world.provider.tokenCount({ id: 'agent:latest' } as Model, 'const value = compute(first, second);');
    assert.equal(world.double.requests.length, before);
  });

  test('shows nothing in silent mode, and keeps its models while the server does not answer for a moment', async () => {
    const model = await begin();
    await world.double.stop();
    world.facts = { ...world.facts, online: false };
    assert.deepEqual(
      (await list(true)).map(({ id }) => id),
      [model.id],
    );
    assert.deepEqual(seen.messages, []);
    await list(false);
    assert.equal(seen.messages.length, 1);
  });

  test('is empty while the server is not approved', async () => {
    await begin();
    world.facts = { ...world.facts, online: false, installed: [], problem: { kind: 'notApproved' } };
    assert.deepEqual(await list(), []);
  });
});
