/** One request at a time, kept while the typed text agrees with it; with a double of the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { infillFormatFor } from '../../../src/completion/engine/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import { infillModel, isSuggestion, makeWorld, textOf, TypedDocument } from '../../support/suggestions.ts';
import { before, after, inWorld } from './typing.ts';

describe('a suggestion while typing', () => {
  test('comes from one request: suffix, stop strings, temperature 0, one line', () =>
    inWorld('width * height;\n}\n\nmore', async ({ asked }, document) => {
      assert.equal(textOf(await document.suggest()), 'width * height;');
      const [request] = asked();
      assert.equal(request?.body.prompt, before);
      assert.equal(request.body.suffix, after);
      assert.equal(request.body.options?.['temperature'], 0);
      const stop = request.body.options?.['stop'] as string[];
      assert.ok(stop.includes('\n') && stop.includes('<|fim_pad|>'));
      assert.equal(request.body.options?.['num_ctx'], 16_384, 'as every other request to the model');
    }));

  test('has the sampling that its family needs, without another load', () =>
    withoutLeaks(async () => {
      const gemma = { name: 'codegemma:2b-code', family: 'gemma', capabilities: ['completion', 'insert'] };
      const format = infillFormatFor(gemma)!;
      await using world = await makeWorld(
        { models: [gemma], answer: () => 'width * height;' },
        { model: () => Promise.resolve({ name: gemma.name, format }) },
      );
      await world.client.generate({ model: gemma.name, prompt: 'Why?' });
      await new TypedDocument(world.suggester, before, after).suggest();
      const [request] = world.asked();
      assert.equal(request?.body.options?.['repeat_penalty'], 1);
      assert.equal(world.double.loads.length, 1);
    }));

  test('typing its text makes no request, and deleting shows it again', () =>
    inWorld('width * height;', async ({ asked }, document) => {
      await document.suggest();
      for (const key of 'width') {
        document.type(key);
        assert.equal((await document.suggest()).kind, 'shown');
      }
      assert.equal(textOf(await document.suggest()), ' * height;');
      document.before = before;
      assert.equal(textOf(await document.suggest()), 'width * height;');
      assert.equal(asked().length, 1);
    }));

  test('a running request is kept while the typed text agrees with its answer', () =>
    inWorld('width * height;', async ({ double, asked }, document) => {
      const gate = double.hold({ afterTokens: 1 }, isSuggestion);
      const first = document.suggest();
      await gate.reached;
      document.type('w');
      const second = document.suggest();
      gate.release();
      assert.equal(textOf(await second), 'idth * height;');
      assert.equal((await first).kind, 'shown');
      assert.equal(asked().length, 1);
    }));

  test('a typed character that differs closes the connection, and then the next request is made', () =>
    inWorld('width * height;', async ({ double, asked }, document) => {
      const gate = double.hold({ afterTokens: 2 }, isSuggestion);
      const first = document.suggest();
      const request = await gate.reached;
      document.type('2');
      const closed = request.phase('cancelled');
      gate.release();
      await closed;
      assert.equal((await first).kind, 'none');
      assert.equal(textOf(await document.suggest()), 'width * height;');
      assert.equal(asked().length, 2);
      assert.equal(asked()[1]?.body.prompt, `${before}2`);
    }));

  test("a character typed before the model's text may differ from it, too", () =>
    inWorld('width * height;', async ({ double, asked }, document) => {
      const gate = double.hold('reading', isSuggestion);
      const first = document.suggest();
      const request = await gate.reached;
      document.type('2');
      gate.release();
      await request.phase('cancelled');
      await first;
      assert.equal(asked().length, 1);
    }));

  test('cancelling a suggestion does not end its request; moving the cursor does', () =>
    inWorld('width * height;', async ({ double, suggester }, document) => {
      const gate = double.hold('reading', isSuggestion);
      const abort = new AbortController();
      const wish = document.suggest({}, abort.signal);
      const request = await gate.reached;
      abort.abort();
      assert.deepEqual(await wish, { kind: 'none', reason: 'cancelled' });
      suggester.moved(document.name, document.before.length);
      assert.equal(request.state, 'reading');
      suggester.moved(document.name, 3);
      await request.phase('cancelled');
    }));

  test('brackets closed by the editor agree with the text', () =>
    inWorld('max(width, height);', async ({ double, asked, suggester }, document) => {
      const gate = double.hold({ afterTokens: 1 }, isSuggestion);
      const first = document.suggest();
      await gate.reached;
      suggester.follow(document.name, [{ offset: before.length, length: 0, text: 'max()' }]);
      document.before += 'max(';
      const second = document.suggest({ suffix: `)${after}` });
      gate.release();
      await first;
      assert.equal(textOf(await second), 'width, height');
      assert.equal(asked().length, 1);
    }));

  test("continues from the item chosen in the editor's list, and is kept while it is typed", () =>
    inWorld('(width, height);', async ({ double, asked, suggester }, document) => {
      const gate = double.hold({ afterTokens: 1 }, isSuggestion);
      const chosen = (typed: string) => ({
        prefix: `${before}maximum`,
        selected: { text: 'maximum', typed },
      });
      document.type('ma');
      const offset = before.length;
      const first = document.suggest({ ...chosen('ma'), offset });
      await gate.reached;
      document.type('x');
      suggester.moved(document.name, before.length + 3);
      const second = document.suggest({ ...chosen('max'), offset });
      gate.release();
      await first;
      assert.equal(textOf(await second), '(width, height);');
      assert.equal(asked()[0]?.body.prompt, `${before}maximum`);
      assert.equal(asked().length, 1);
    }));

  test('several lines on an empty line or when invoked by the user, else one line', () =>
    withoutLeaks(async () => {
      const body = 'if (width < 0) {\n    return 0;\n  }\n  return width * height;';
      await using world = await makeWorld({ answer: () => body });
      const empty = new TypedDocument(world.suggester, before.replace('return ', ''), after, 'file:///b.ts');
      assert.equal(textOf(await empty.suggest()), body);
      const line = new TypedDocument(world.suggester, `${before}1 + `, after);
      world.double.set({ answer: () => 'width +\n    height' });
      assert.equal(textOf(await line.suggest()), 'width +');
      assert.equal(textOf(await line.suggest({ byHand: true })), 'width +\n    height');
    }));

  test('no useful answer is reported once, and requested again only by the user', () =>
    inWorld(')', async ({ asked }, document) => {
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'nothing' });
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'nothing' });
      assert.equal(asked().length, 1);
      await document.suggest({ byHand: true });
      assert.equal(asked().length, 2);
    }));

  test('no request for text with control tokens', () =>
    inWorld('x', async ({ asked, suggester }) => {
      const document = new TypedDocument(suggester, 'const a = "<|fim_middle|>";\nconst b = ', '');
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'tokens' });
      assert.equal(asked().length, 0);
      const other = new TypedDocument(suggester, before, after, 'file:///other.ts');
      assert.equal((await other.suggest()).kind, 'shown', 'the next place is asked about at once');
    }));

  test('a server that is down gets no request for each typed character', () =>
    withoutLeaks(async () => {
      let asked = 0;
      await using world = await makeWorld(
        {},
        {
          model: () => (
            asked++,
            Promise.resolve({ name: infillModel.name, format: infillFormatFor(infillModel)! })
          ),
        },
      );
      await world.double.stop();
      const document = new TypedDocument(world.suggester, before, after);
      for (const key of 'abc') {
        document.type(key);
        assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'offline' });
      }
      assert.equal(asked, 1);
    }));
});
