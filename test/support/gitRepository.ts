/** A Git repository in its own folder, and configuration that could change Git's output. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The committer, and no configuration except the repository's own. */
export const gitIdentity = {
  GIT_AUTHOR_NAME: 'Ada Private',
  GIT_AUTHOR_EMAIL: 'ada@private.test',
  GIT_COMMITTER_NAME: 'Ada Private',
  GIT_COMMITTER_EMAIL: 'ada@private.test',
  GIT_CONFIG_GLOBAL: '',
  GIT_CONFIG_NOSYSTEM: '1',
};

export interface GitFolder extends Disposable {
  folder: string;
  git(...args: string[]): string;
  write(path: string, content: string | Uint8Array): void;
}

export function gitFolder(folder = mkdtempSync(join(realpathSync(tmpdir()), 'codeworm-git-'))): GitFolder {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...gitIdentity },
    });
  git('init', '--quiet', '--initial-branch=main');
  return {
    folder,
    git,
    write: (path, content) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Settings that change the format of diffs and logs. None names a program. */
export const hostileSettings: Record<string, string> = {
  'diff.submodule': 'log',
  'diff.noprefix': 'true',
  'diff.mnemonicPrefix': 'true',
  'diff.srcPrefix': 'x/',
  'diff.dstPrefix': 'y/',
  'core.quotePath': 'true',
  'diff.renames': 'copies',
  'diff.context': '0',
  'diff.interHunkContext': '99',
  'diff.wordRegex': '.',
  'diff.colorMoved': 'zebra',
  'diff.colorMovedWS': 'ignore-all-space',
  'diff.wsErrorHighlight': 'all',
  'diff.algorithm': 'patience',
  'diff.orderFile': '.git/order.txt',
  'diff.relative': 'true',
  'diff.ignoreSubmodules': 'all',
  'diff.suppressBlankEmpty': 'true',
  'diff.statGraphWidth': '1',
  'diff.indentHeuristic': 'false',
  'diff.autoRefreshIndex': 'false',
  'diff.renameLimit': '1',
  'diff.dirstat': 'files,0',
  'color.ui': 'always',
  'color.diff': 'always',
  'color.diff.new': 'red bold',
  'log.showSignature': 'true',
  'log.date': 'raw',
  'log.decorate': 'full',
  'log.follow': 'true',
  'log.mailmap': 'true',
  'format.pretty': 'fuller',
  'i18n.logOutputEncoding': 'latin1',
  'core.abbrev': '4',
  'core.commentChar': '#',
};

/**
 * Creates programs that create a file when they run. Returns the settings that name them, and the path of
 * that file.
 */
export function hostilePrograms(folder: string): { settings: Record<string, string>; mark: string } {
  const mark = join(folder, '.git', 'ran');
  const program = join(folder, '.git', 'hostile.sh');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${mark}'\necho HOSTILE OUTPUT\n`);
  chmodSync(program, 0o755);
  for (const hook of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction']) {
    mkdirSync(join(folder, '.git', 'hooks'), { recursive: true });
    writeFileSync(join(folder, '.git', 'hooks', hook), `#!/bin/sh\necho hook >> '${mark}'\n`);
    chmodSync(join(folder, '.git', 'hooks', hook), 0o755);
  }
  const settings = {
    'diff.external': program,
    'diff.foo.command': program,
    'diff.foo.textconv': program,
    'diff.foo.cachetextconv': 'true',
    'core.pager': program,
    'pager.diff': program,
    'core.fsmonitor': program,
    'core.hooksPath': join(folder, '.git', 'hooks'),
    'core.sshCommand': program,
    'core.editor': program,
    'gpg.program': program,
    'filter.foo.clean': program,
    'filter.foo.smudge': program,
    'filter.foo.process': program,
    'filter.foo.required': 'true',
    'interactive.diffFilter': program,
    'credential.helper': `!${program}`,
  };
  return { settings, mark };
}
