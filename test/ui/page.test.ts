// A documentation page, a follow-up question and a commit message, in the real window.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDemo } from '../support/demo.ts';
import { openSampleWindow, sample, type SampleWindow } from '../support/sampleWindow.ts';
import type { Window } from '../support/vscode/window.ts';

const SIZE = { width: 1600, height: 1000 };

describe('pages, follow-ups and commit messages in the window', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let opened: SampleWindow;
  let window: Window;

  /** Whether Git is installed; its tests are skipped if not. */
  function hasGit(): boolean {
    try {
      execFileSync('git', ['--version']);
      return true;
    } catch {
      return false;
    }
  }
  const git = hasGit() ? {} : { skip: 'there is no git here' };

  /** A repository with one commit and one staged change. */
  function makeRepository(folder: string): void {
    const run = (...args: string[]): unknown =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@host.test', ...args], {
        cwd: folder,
      });
    run('init', '--quiet', '--initial-branch=main');
    run('add', 'inventory.ts', 'parse.go');
    run('commit', '--quiet', '--message', 'Keep an inventory');
    run('add', 'greet.py');
  }

  before(async () => {
    demo = await startDemo({ speed: Number.POSITIVE_INFINITY });
    const settings = {
      'codeworm.baseUrl': demo.url,
      'git.enabled': true,
      'git.openRepositoryInParentFolders': 'never',
    };
    const prepare = hasGit() ? makeRepository : undefined;
    opened = await openSampleWindow(settings, {
      size: SIZE,
      builtIn: ['git', 'git-base'],
      ...(prepare && { prepare }),
    });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await demo?.close();
  });

  it('a page is written beside the code, with the kinds to choose from, and saved under its own name', async () => {
    await window.placeCursor({ line: 17, column: 5 });
    // The language server needs some seconds for the first outline of a file.
    await window.command('CodeWorm: Write Documentation Page…');
    const kinds = window.page.locator('.quick-input-widget .monaco-list-row');
    await kinds.filter({ hasText: 'Code Evolution' }).waitFor();
    await window.screenshot('page-kinds');
    await window.page.keyboard.insertText('Class Documentation');
    await window.page.keyboard.press('Enter');
    const page = window.editor('class-Inventory.md');
    await page.locator('.view-line').filter({ hasText: 'Written by CodeWorm' }).waitFor();
    await window.screenshot('page');
    await window.editor(sample.file).and(window.page.locator('.focused')).waitFor();
    await page.locator('.view-line').filter({ hasText: 'Written by CodeWorm' }).click();
    await window.page.keyboard.press('Control+s');
    await window.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    const saved = readFileSync(join(opened.folder, 'docs', 'codeworm', 'class-Inventory.md'), 'utf8');
    assert.match(
      saved,
      /^# Inventory\n\n- \*\*Type:\*\* Class Documentation\n- \*\*Repository:\*\* sample\n/,
    );
    assert.match(saved, /\n## Relationship to Other Classes\n\n[^]*\n\*Written by CodeWorm \(demo server/);
  });

  it('a follow-up continues the last answer', async () => {
    await window.command('CodeWorm: Ask a Follow-Up…');
    await window.page.locator('.quick-input-widget').filter({ hasText: 'Class Documentation' }).waitFor();
    await window.page.keyboard.insertText('Which errors can happen?');
    await window.page.keyboard.press('Enter');
    await window.outputShows(/## Follow-Up · Inventory .*tokens\/s · first token after/);
    await window.screenshot('follow-up');
  });

  it('the Source Control title bar has a button that writes the commit message', git, async () => {
    await window.page.keyboard.press('Control+Shift+G');
    const button = window.page.locator('.action-label[aria-label^="Write Commit Message"]').first();
    await button.waitFor();
    await button.click();
    const box = window.page.locator('.scm-editor .view-line').first();
    await box.filter({ hasText: 'Greet' }).waitFor();
    await window.screenshot('commit-message');
  });
});
