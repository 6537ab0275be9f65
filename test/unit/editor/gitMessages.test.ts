/** Messages that Git itself has prepared, in real repositories. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { preparedMessage } from '../../../src/editor/gitMessages.ts';
import { findProgram, type GitProgram } from '../../../src/editor/gitProgram.ts';
import { gitFolder, type GitFolder } from '../../support/gitRepository.ts';

describe('the message that Git has prepared', () => {
  let repository: GitFolder;
  let git: GitProgram;

  beforeEach(() => {
    repository = gitFolder();
    git = { path: findProgram('git', repository.folder)!, root: repository.folder };
    commit('Begin', 'one\n');
  });
  afterEach(() => repository[Symbol.dispose]());

  function commit(message: string, text: string): void {
    repository.write('a.txt', text);
    repository.git('add', '--all');
    repository.git('commit', '--quiet', '--message', message);
  }

  /** Two branches that have changed the same line; the second one is checked out. */
  function twoBranches(): void {
    repository.git('checkout', '--quiet', '-b', 'first');
    commit('feat: first\n\nWith a body.', 'first\n');
    repository.git('checkout', '--quiet', '-b', 'second', 'main');
    commit('feat: second\n\n* a list item\n  # no comment', 'second\n');
  }

  test('is that of a revert, with the hash of the commit', async () => {
    commit('feat: second', 'two\n');
    const hash = repository.git('rev-parse', 'HEAD').trim();
    repository.git('revert', '--no-commit', 'HEAD');
    assert.deepEqual(await preparedMessage(git), {
      text: `Revert "feat: second"\n\nThis reverts commit ${hash}.`,
      kind: 'message',
    });
  });

  test('is that of the commit at which a rebase has stopped, without the comment about conflicts', async () => {
    twoBranches();
    assert.throws(() => repository.git('rebase', 'first'));
    assert.deepEqual(await preparedMessage(git), {
      text: 'feat: second\n\n* a list item\n  # no comment',
      kind: 'message',
    });
  });

  test('is that of a cherry-pick with conflicts, with another comment character', async () => {
    repository.git('config', 'core.commentChar', ';');
    twoBranches();
    assert.throws(() => repository.git('cherry-pick', 'first'));
    assert.deepEqual(await preparedMessage(git), { text: 'feat: first\n\nWith a body.', kind: 'message' });
  });

  test('is the list of the combined commits after a squash', async () => {
    repository.git('checkout', '--quiet', '-b', 'topic');
    commit('feat: second', 'two\n');
    commit('fix: third', 'three\n');
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--squash', 'topic');
    const prepared = await preparedMessage(git);
    assert.equal(prepared?.kind, 'squash');
    assert.ok(['feat: second', 'fix: third'].every((subject) => prepared?.text.includes(subject)));
  });

  test('is none after a rebase that has ended', async () => {
    twoBranches();
    assert.throws(() => repository.git('rebase', 'first'));
    repository.git('rebase', '--abort');
    assert.equal(await preparedMessage(git), undefined);
  });
});
