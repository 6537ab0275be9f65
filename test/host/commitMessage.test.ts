import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, afterEach, before, beforeEach, describe, it } from './runner.ts';
import type { OllamaDouble } from '../support/double/index.ts';
import { openRepository, withoutGit, type TestRepository } from './repository.ts';
import { connect, generations, run, status } from './world.ts';

const message = 'Add a basket\n\nIt keeps what will be bought.';
const gitOnly = withoutGit ? { skip: withoutGit } : {};

describe('commit messages', () => {
  let double: OllamaDouble;
  let repository: TestRepository;
  let answer = '';

  before(async () => {
    if (withoutGit) return;
    repository = await openRepository('shop');
    repository.write('old.js', 'let old;\n');
    repository.git('add', '.');
    repository.git('commit', '--quiet', '--message', 'Begin');
  });
  after(async () => (withoutGit ? undefined : repository.remove()));
  beforeEach(async () => {
    if (withoutGit) return;
    answer = `Here is the commit message:\n\n\`\`\`\n${message}\n\`\`\`\n`;
    double = await connect({
      models: [{ name: 'tiny:latest', sizeBytes: 1e9, capabilities: ['completion', 'thinking'] }],
      thinking: () => 'Secret plan: say nothing.',
      answer: () => answer,
    });
    await status('idle');
    repository.git('reset', '--quiet', '--hard');
    repository.git('clean', '--quiet', '--force', '-d');
    await repository.refresh();
    repository.inputBox.value = '';
  });
  afterEach(async () => {
    if (withoutGit) return;
    await vscode.commands.executeCommand('notifications.clearAll');
    await double.close();
  });

  async function stage(): Promise<void> {
    repository.write('basket.js', 'export class Basket {}\n');
    repository.write('logo.png', new Uint8Array([137, 80, 78, 71, 0, 1, 2, 3]));
    repository.git('add', '.');
    repository.write('later.js', 'not staged\n');
    await repository.refresh();
  }

  /** Presses the button of the message. */
  async function press(): Promise<void> {
    await vscode.commands.executeCommand('notifications.focusFirstToast');
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
  }

  async function until(test: () => boolean, meanwhile: () => unknown = () => undefined): Promise<void> {
    while (!test()) {
      await meanwhile();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  it(
    'is written into the input box, from staged changes only, without thinking and chatter',
    async () => {
      await stage();
      const gate = double.hold({ afterTokens: 24 });
      const running = run('writeCommitMessage');
      await gate.reached;
      await until(() => repository.inputBox.value.startsWith('Add'));
      gate.release();
      await running;
      assert.equal(repository.inputBox.value, message);
      const prompt = generations(double)[0]?.body.prompt ?? '';
      assert.match(prompt, /^Branch: `main`\n\nChanges in 2 files:\n/);
      assert.match(prompt, /\+export class Basket \{\}\nFile logo\.png \(new, binary\)\n/);
      assert.doesNotMatch(prompt, /not staged|PNG/);
    },
    gitOnly,
  );

  it(
    'keeps the typed text until there is a message, and can restore it',
    async () => {
      await stage();
      // The window reports earlier writes later. It answers this command after all of them.
      await vscode.commands.executeCommand('setContext', 'codeworm.test', true);
      repository.inputBox.value = 'my own words';
      const gate = double.hold('reading');
      const running = run('writeCommitMessage');
      await gate.reached;
      assert.equal(repository.inputBox.value, 'my own words');
      gate.release();
      await running;
      assert.equal(repository.inputBox.value, message);
      await until(() => repository.inputBox.value === 'my own words', press);
    },
    gitOnly,
  );

  it(
    'does not overwrite text that the user types meanwhile',
    async () => {
      await stage();
      const gate = double.hold({ afterTokens: 24 });
      const running = run('writeCommitMessage');
      await gate.reached;
      await until(() => repository.inputBox.value.startsWith('Add'));
      repository.inputBox.value = 'no, mine';
      // The window reports earlier writes later. It answers this command after all of them.
      await vscode.commands.executeCommand('setContext', 'codeworm.test', true);
      assert.equal(repository.inputBox.value, 'no, mine');
      gate.release();
      await running;
      assert.equal(repository.inputBox.value, 'no, mine');
    },
    gitOnly,
  );

  it(
    'has no thinking and tokens that the server has not removed',
    async () => {
      await stage();
      answer = `I should be brief.\n</think>\n\n${message.replace('basket', 'bas\u200Bket')}<|im_end|>\n<|im_start|>user\nMore!`;
      await run('writeCommitMessage');
      assert.equal(repository.inputBox.value, message);
    },
    gitOnly,
  );

  it(
    'cancelled, it keeps the typed text and does not affect other answers',
    async () => {
      await stage();
      repository.inputBox.value = 'my own words';
      const gate = double.hold({ afterTokens: 24 });
      const running = run('writeCommitMessage');
      const request = await gate.reached;
      await until(() => repository.inputBox.value.startsWith('Add'));
      await run('cancelCommitMessage');
      await running;
      assert.equal(await request.finished, 'cancelled');
      assert.equal(repository.inputBox.value, 'my own words');
    },
    gitOnly,
  );

  it(
    'with nothing staged, it offers to use all changes, untracked files included',
    async () => {
      repository.write('old.js', 'let old = 1;\n');
      repository.write('fresh.js', 'let fresh;\n');
      await repository.refresh();
      await run('writeCommitMessage');
      assert.deepEqual(generations(double), []);
      await until(() => repository.inputBox.value === message, press);
      const prompt = generations(double)[0]?.body.prompt ?? '';
      assert.match(
        prompt,
        /Changes in 2 files:[^]*\+let old = 1;\nFile fresh\.js \(new\)\n@@ -0,0 \+1,1 @@\n\+let fresh;\n/,
      );
    },
    gitOnly,
  );

  it(
    'without any change it asks nothing',
    async () => {
      await run('writeCommitMessage');
      assert.deepEqual(generations(double), []);
      assert.equal(repository.inputBox.value, '');
    },
    gitOnly,
  );
});
