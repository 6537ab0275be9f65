/** One request at a time, kept while what is typed agrees with it; on a double of the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { infillFormatFor } from '../../../src/completion/engine/index.ts';
import { withoutLeaks } from '../../support/leaks.ts';
import {
  infillModel,
  isSuggestion,
  makeWorld,
  textOf,
  TypedDocument,
  type World,
} from '../../support/suggestions.ts';

const before = 'export function area(width: number, height: number): number {\n  return ';
const after = '\n}\n';
/** What the double says, in turn. */
let answers: string[] = [];

/** Runs a test with a double that answers so. */
const inWorld = (
  answer: string | (() => string | AsyncIterable<string>),
  body: (world: World, document: TypedDocument) => Promise<void>,
) =>
  withoutLeaks(async () => {
    await using world = await makeWorld({ answer: typeof answer === 'string' ? () => answer : answer });
    await body(world, new TypedDocument(world.suggester, before, after));
  });

describe('a suggestion while typing', () => {
  test('comes from one request: suffix, stop strings, the likeliest tokens, one line', () =>
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

  test('has the sampling that its family needs, which loads nothing again', () =>
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

  test('typed along it asks nothing more, and what was deleted again finds it', () =>
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

  test('a running request is kept while what is typed agrees with what it writes', () =>
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

  test('a key that differs from what is written closes the connection, and then the next request is made', () =>
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

  test('what the model writes after a key that came sooner may differ from it, too', () =>
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

  test('a request is not ended by a cancelled wish alone, but by a cursor elsewhere', () =>
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

  test('brackets that the editor closes by itself agree', () =>
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

  test("what the editor's list has chosen is gone on from, and kept while it is typed", () =>
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

  test('several lines where the line is empty, or by hand; one elsewhere', () =>
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

  test('nothing good is said once, and asked for again only by hand', () =>
    inWorld(')', async ({ asked }, document) => {
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'nothing' });
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'nothing' });
      assert.equal(asked().length, 1);
      await document.suggest({ byHand: true });
      assert.equal(asked().length, 2);
    }));

  test('control tokens in the text ask nothing', () =>
    inWorld('x', async ({ asked, suggester }) => {
      const document = new TypedDocument(suggester, 'const a = "<|fim_middle|>";\nconst b = ', '');
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'tokens' });
      assert.equal(asked().length, 0);
    }));

  test('a server that is down is not asked at every key', () =>
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

describe('right of way', () => {
  test('with one runner and a queue, the connection of a suggestion is closed before a question goes out', () =>
    inWorld('width * height;', async ({ double, priorities, client }, document) => {
      double.set({ numParallel: 1 });
      const gate = double.hold('reading', isSuggestion);
      const wish = document.suggest();
      const suggestion = await gate.reached;
      const turn = await priorities.enter('own');
      const answer = client.generate({ prompt: 'Why?' });
      const question = await double.nextRequest(({ body }) => body.prompt === 'Why?');
      assert.equal((await answer).doneReason, 'stop');
      turn.end();
      assert.equal(suggestion.state, 'cancelled');
      assert.ok(!question.states.includes('queued'), 'it never stood behind the suggestion');
      assert.deepEqual(await wish, { kind: 'none', reason: 'busy' });
      gate.release();
    }));

  test('while a question runs, typing asks nothing and is told so at once', () =>
    inWorld('width * height;', async ({ priorities, asked }, document) => {
      const turn = await priorities.enter('own');
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'busy' });
      turn.end();
      assert.equal((await document.suggest()).kind, 'shown');
      assert.equal(asked().length, 1);
    }));
});

describe('what comes after acceptance', () => {
  test('is prepared while the suggestion is shown, and asks nothing when it was accepted', () =>
    inWorld(
      () => answers.shift() ?? '',
      async ({ suggester, asked }, document) => {
        answers = ['width * height;', 'log(width);'];
        await document.suggest();
        await suggester.prepare(document.place, 'width * height;');
        assert.equal(asked().length, 2);
        document.type('width * height;');
        document.type('\n  ');
        assert.equal(textOf(await document.suggest()), 'log(width);');
        assert.equal(asked().length, 2);
      },
    ));

  test('is kept while one types along, and given up at a key that differs', () =>
    inWorld('width * height;', async ({ suggester, double }, document) => {
      await document.suggest();
      const gate = double.hold('reading', isSuggestion);
      const prepared = suggester.prepare(document.place, 'width * height;');
      const request = await gate.reached;
      document.type('width');
      assert.equal(request.state, 'reading');
      document.type('x');
      await request.phase('cancelled');
      gate.release();
      await prepared;
    }));
});

describe('reading in advance', () => {
  const file = `${'const line = compute(first, second);\n'.repeat(200)}${before}`;

  test('has the prefix read with one token, so that the first suggestion reads only what is new', () =>
    withoutLeaks(async () => {
      await using world = await makeWorld({ answer: () => 'width * height;' });
      const document = new TypedDocument(world.suggester, file, after);
      await world.suggester.warm(document.place);
      assert.equal(world.asked()[0]?.body.options?.['num_predict'], 1);
      await document.suggest();
      const [first] = world.answers;
      assert.ok(first && first.reused > 0.95, `${first?.reused}`);
      await world.suggester.warm(document.place);
      assert.equal(world.asked().length, 2, 'what is known is not read again');
    }));

  test('gives way to a question, and waits for none', () =>
    withoutLeaks(async () => {
      await using world = await makeWorld({ answer: () => 'x' });
      const document = new TypedDocument(world.suggester, file, after);
      const gate = world.double.hold('reading', isSuggestion);
      const warming = world.suggester.warm(document.place);
      const request = await gate.reached;
      const turn = await world.priorities.enter('own');
      await request.phase('cancelled');
      await warming;
      await world.suggester.warm(document.place);
      assert.equal(world.asked().length, 1);
      turn.end();
      gate.release();
    }));

  test('a suggestion elsewhere in the file takes its place at once', () =>
    withoutLeaks(async () => {
      await using world = await makeWorld({ answer: () => 'width * height;' });
      const document = new TypedDocument(world.suggester, file, after);
      const gate = world.double.hold('reading', isSuggestion);
      const warming = world.suggester.warm(document.place);
      const request = await gate.reached;
      gate.release();
      const other = new TypedDocument(world.suggester, before, after);
      assert.equal((await other.suggest()).kind, 'shown');
      assert.ok(request.ended);
      await warming;
    }));
});
