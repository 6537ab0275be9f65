/** What the message of a failed answer advises is one of its buttons. */
import { nothing } from '../../support/chatVscode.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OllamaError, type ErrorKind } from '../../../src/ollama/index.ts';

const { repeatActions } = await import('../../../src/generation/repeat.ts');

function titlesFor(kind: ErrorKind): string[] {
  const error = new OllamaError('x', { kind });
  const actions = repeatActions({} as never, { kind: 'failed', error, text: '', dropped: 0 }, () => nothing);
  return actions.map(({ title }) => title);
}

test('an answer that ended early or cannot be read, or a busy server, can be asked again', () => {
  for (const kind of [
    'cut',
    'garbled',
    'busy',
    'closed',
    'runnerDied',
    'loadTimeout',
    'emptyAnswer',
  ] as const)
    assert.deepEqual(titlesFor(kind), ['Try Again'], kind);
});

test('what would fail again is not offered again', () => {
  for (const kind of ['unauthorized', 'modelNotFound', 'contextExceeded', 'quota', 'settings'] as const)
    assert.deepEqual(titlesFor(kind), [], kind);
});

test('asking again keeps what was different the time before', () => {
  const error = new OllamaError('x', { kind: 'cut' });
  const asked: unknown[] = [];
  const [again] = repeatActions(
    { variation: { think: false } } as never,
    { kind: 'failed', error, text: '', dropped: 0 },
    (variation) => asked.push(variation),
  );
  void again?.run();
  assert.deepEqual(asked, [{ think: false }]);
});
