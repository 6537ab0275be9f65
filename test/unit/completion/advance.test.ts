/** Requests before the user needs them, and their priority below questions; with a double of the server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withoutLeaks } from '../../support/leaks.ts';
import { isSuggestion, makeWorld, textOf, TypedDocument } from '../../support/suggestions.ts';
import { before, after, inWorld } from './typing.ts';

/** The double's answers, in turn. */
let answers: string[] = [];

describe('the priority of questions', () => {
  test('with one runner and a queue, the connection of a suggestion is closed before a question is sent', () =>
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

  test('while a question runs, typing makes no request and returns at once', () =>
    inWorld('width * height;', async ({ priorities, asked }, document) => {
      const turn = await priorities.enter('own');
      assert.deepEqual(await document.suggest(), { kind: 'none', reason: 'busy' });
      turn.end();
      assert.equal((await document.suggest()).kind, 'shown');
      assert.equal(asked().length, 1);
    }));
});

describe('the suggestion after the accepted one', () => {
  test('is requested while the first one is shown, so that acceptance makes no request', () =>
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

  test('is kept while its text is typed, and cancelled when the typed text differs', () =>
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

  test('evaluates the prefix, so that the first suggestion evaluates only new text', () =>
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

  test('is cancelled by a question, and does not start during one', () =>
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

  test('is cancelled by a suggestion elsewhere in the file', () =>
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
