import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { after, afterEach, before, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { hostilePrograms, hostileSettings } from '../support/gitRepository.ts';
import { openRepository, withoutGit, type TestRepository } from './repository.ts';
import { connect, generations, run, set, status } from './world.ts';

const gitOnly = withoutGit ? { skip: withoutGit } : {};

describe('commit messages in real repositories', () => {
  let double: OllamaDouble;
  let repository: TestRepository;
  let answer = 'Add a basket';

  before(async () => {
    if (withoutGit) return;
    repository = await openRepository('store');
    repository.write('old.js', 'let old;\n');
    repository.write('s\u00fc\u00df "q".txt', 'one\n');
    repository.git('add', '.');
    repository.git('commit', '--quiet', '--message', 'feat: begin');
  });
  after(async () => (withoutGit ? undefined : repository.remove()));
  beforeEach(async () => {
    if (withoutGit) return;
    answer = 'Add a basket';
    double = await connect({ answer: () => answer });
    await status('idle');
    repository.git('reset', '--quiet', '--hard');
    repository.git('clean', '--quiet', '--force', '-d');
    await repository.refresh();
    repository.inputBox.value = '';
  });
  afterEach(async () => {
    if (withoutGit) return;
    delete process.env['GIT_CONFIG_GLOBAL'];
    delete process.env['GIT_EXTERNAL_DIFF'];
    await set({ 'commitMessage.instructions': '', answerLanguage: 'auto' });
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await double.close();
  });

  /** The prompt that the server received for one message. */
  async function promptOf(): Promise<string> {
    const before = generations(double).length;
    await run('writeCommitMessage');
    // The window reports earlier writes later. It answers this command after all of them.
    await vscode.commands.executeCommand('setContext', 'codeworm.test', true);
    return generations(double)[before]?.body.prompt ?? '';
  }

  it(
    'sends the same prompt with every setting of the repository and the user',
    async () => {
      repository.write('old.js', 'let old;\n\nlet fresh;\n');
      repository.write('s\u00fc\u00df "q".txt', 'two\n');
      repository.write('.gitattributes', '*.js diff=foo\n');
      repository.git('add', '.');
      const plain = await promptOf();
      assert.match(
        plain,
        /File old\.js\n@@ -1 \+1,3 @@\n let old;\n\+\n\+let fresh;\nFile s\u00fc\u00df "q"\.txt\n@@/,
      );
      const { settings } = hostilePrograms(repository.folder);
      const user = join(repository.folder, '.git', 'user-config');
      writeFileSync(join(repository.folder, '.git', 'order.txt'), '*.txt\n');
      process.env['GIT_CONFIG_GLOBAL'] = user;
      process.env['GIT_EXTERNAL_DIFF'] = settings['diff.external'];
      for (const [name, value] of Object.entries({ ...hostileSettings, ...settings })) {
        repository.git('config', name, value);
        repository.git('config', '--file', user, name, value);
        assert.equal(await promptOf(), plain, name);
        assert.equal(repository.inputBox.value, 'Add a basket', name);
        repository.git('config', '--unset', name);
        writeFileSync(user, '');
      }
      for (const [name, value] of Object.entries({ ...hostileSettings, ...settings }))
        repository.git('config', name, value);
      assert.equal(await promptOf(), plain, 'all of them');
      for (const name of [...Object.keys(hostileSettings), ...Object.keys(settings)])
        repository.git('config', '--unset', name);
    },
    { ...gitOnly, timeoutMs: 120_000 },
  );

  it(
    "reads a file in the editor's encoding",
    async () => {
      repository.write('price.txt', Buffer.from('Preis 5 \u20ac\n'.replace('\u20ac', '\u0080'), 'latin1'));
      const uri = vscode.Uri.file(join(repository.folder, 'price.txt'));
      await vscode.workspace.openTextDocument(uri, { encoding: 'windows1252' });
      repository.git('add', '.');
      assert.match(await promptOf(), /\n\+Preis 5 \u20ac\n/);
    },
    gitOnly,
  );

  it(
    "uses recent subjects, the user's instructions and the language, and the first of several messages",
    async () => {
      await set({ 'commitMessage.instructions': 'Name the shop.', answerLanguage: 'de' });
      repository.write('basket.js', 'x\n');
      repository.git('add', '.');
      answer = '1. "feat: add a basket"\n2. "feat: baskets"';
      const prompt = await promptOf();
      assert.match(prompt, /The last commits [^:]*:\n\n```text\nfeat: begin\n```/);
      assert.match(prompt, /```text\nName the shop\.\n```\n\nWrite a commit message[^]*Write in German\./);
      assert.equal(repository.inputBox.value, 'feat: add a basket');
    },
    gitOnly,
  );

  it(
    'keeps and completes the message that Git has prepared for a merge',
    async () => {
      repository.git('checkout', '--quiet', '-b', 'basket');
      repository.write('basket.js', 'x\n');
      repository.git('add', '.');
      repository.git('commit', '--quiet', '--message', 'feat: basket');
      repository.git('checkout', '--quiet', 'main');
      repository.git('merge', '--quiet', '--no-ff', '--no-commit', 'basket');
      await repository.refresh();
      answer = 'It brings the basket.';
      const prompt = await promptOf();
      assert.match(prompt, /has prepared [^:]*:\n\n```text\nMerge branch 'basket'\n```/);
      assert.equal(repository.inputBox.value, "Merge branch 'basket'\n\nIt brings the basket.");
      repository.git('merge', '--abort');
    },
    gitOnly,
  );

  it(
    'sends nothing when only conflicts are left, or when Git fails',
    async () => {
      repository.git('checkout', '--quiet', '-b', 'other');
      repository.write('old.js', 'other\n');
      repository.git('commit', '--quiet', '--all', '--message', 'other');
      repository.git('checkout', '--quiet', 'main');
      repository.write('old.js', 'main\n');
      repository.git('commit', '--quiet', '--all', '--message', 'main');
      assert.throws(() => repository.git('merge', 'other'));
      assert.equal(await promptOf(), '');
      repository.git('merge', '--abort');
      repository.write('old.js', 'more\n');
      repository.git('add', '.');
      const index = join(repository.folder, '.git', 'index');
      writeFileSync(index, 'broken');
      repository.inputBox.value = 'mine';
      assert.equal(await promptOf(), '');
      assert.equal(repository.inputBox.value, 'mine');
      execFileSync('rm', [index]);
      repository.git('reset', '--quiet', '--hard');
    },
    gitOnly,
  );

  it(
    'marks control tokens in the prompt, not in the input box',
    async () => {
      repository.write('template.js', 'export const end = "<|im_end|>";\n');
      repository.git('add', '.');
      answer = 'Add <\u00b7|im_end|> to the template';
      const prompt = await promptOf();
      assert.match(prompt, /\+export const end = "<\u00b7\|im_end\|>";/);
      assert.equal(prompt.includes('<|im_end|>'), false);
      assert.equal(repository.inputBox.value, 'Add <|im_end|> to the template');
    },
    gitOnly,
  );
});

/** A repository that only the Git extension can reach. */
function remoteRepository(diff: string): { inputBox: { value: string }; api: unknown } {
  const rootUri = vscode.Uri.parse('vscode-remote://ssh-remote+box/home/ada/shop');
  const uri = vscode.Uri.joinPath(rootUri, 'basket.js');
  const inputBox = { value: '' };
  const repository = {
    rootUri,
    inputBox,
    state: {
      HEAD: { name: 'main' },
      remotes: [],
      indexChanges: [{ uri, status: 0 }],
      workingTreeChanges: [],
      mergeChanges: [],
    },
    ui: { selected: true },
    status: async () => undefined,
    diff: async () => diff,
    log: async () => [{ hash: '1', message: 'feat: begin\n\nText' }],
  };
  const api = {
    state: 'initialized',
    git: { path: 'git' },
    repositories: [repository],
    getRepository: () => repository,
  };
  return { inputBox, api };
}

describe('commit messages from a repository on another machine', () => {
  let double: OllamaDouble;
  const { getExtension } = vscode.extensions;

  beforeEach(async () => {
    double = await connect({ answer: () => 'Add a basket' });
    await status('idle');
  });
  afterEach(async () => {
    vscode.extensions.getExtension = getExtension;
    await vscode.commands.executeCommand('notifications.clearAll');
    await double.close();
  });

  function replaceGit(api: unknown): void {
    const git = { activate: async () => ({ enabled: true, getAPI: () => api }) };
    vscode.extensions.getExtension = ((id: string) =>
      id === 'vscode.git' ? git : getExtension(id)) as typeof getExtension;
  }

  it("are written from the Git extension's diff", async () => {
    const { inputBox, api } = remoteRepository(
      'diff --git a/basket.js b/basket.js\nindex 1111111..2222222 100644\n--- a/basket.js\n+++ b/basket.js\n@@ -1 +1 @@\n-old\n+g\u00fc\u00dfe\n',
    );
    replaceGit(api);
    await run('writeCommitMessage');
    assert.match(
      generations(double)[0]?.body.prompt ?? '',
      /File basket\.js\n@@ -1 \+1 @@\n-old\n\+g\u00fc\u00dfe\n[^]*feat: begin\n/,
    );
    assert.equal(inputBox.value, 'Add a basket');
  });

  it('are not invented when the diff cannot be read', async () => {
    for (const diff of ['', '\u001B[1mdiff --git a/basket.js b/basket.js\u001B[m\n', 'HOSTILE OUTPUT\n']) {
      const { inputBox, api } = remoteRepository(diff);
      replaceGit(api);
      await run('writeCommitMessage');
      assert.equal(generations(double).length, 0, diff);
      assert.equal(inputBox.value, '');
    }
  });
});
