// A real Git repository inside the workspace, known to VS Code's Git extension.
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { gitFolder, type GitFolder } from '../support/gitRepository.ts';

/** The used part of the Git extension's API. */
interface Git {
  readonly enabled: boolean;
  getAPI(version: 1): {
    readonly state: string;
    openRepository(
      root: vscode.Uri,
    ): Promise<{ inputBox: { value: string }; status(): Promise<void> } | null>;
  };
}

export interface TestRepository extends Pick<GitFolder, 'folder' | 'git' | 'write'> {
  /** The input box of the Source Control view. */
  inputBox: { value: string };
  /** Makes the Git extension read changes on the disk. */
  refresh(): Promise<void>;
  remove(): Promise<void>;
}

/** Why the suites cannot run here, if so. */
export const withoutGit = ((): string | undefined => {
  try {
    execFileSync('git', ['--version']);
    return undefined;
  } catch {
    return 'there is no git here';
  }
})();

/** Git is disabled in the tests' settings, because it would scan the workspace in every other suite. */
async function enableGit(enabled: boolean): Promise<void> {
  await vscode.workspace
    .getConfiguration('git')
    .update('enabled', enabled || undefined, vscode.ConfigurationTarget.Workspace);
}

async function until(test: () => boolean): Promise<void> {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function openRepository(name: string): Promise<TestRepository> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const folder = join(realpathSync(workspace), name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { git, write } = gitFolder(folder);
  await enableGit(true);
  const extension = vscode.extensions.getExtension<Git>('vscode.git');
  const exported = await extension?.activate();
  if (!exported) throw new Error('VS Code has no Git extension here');
  await until(() => exported.enabled);
  const api = exported.getAPI(1);
  await until(() => api.state === 'initialized');
  const repository = await api.openRepository(vscode.Uri.file(folder));
  if (!repository) throw new Error('the Git extension did not open the repository');
  // The extension also reads by itself, and may meet the index while a command of the test writes it.
  const refresh = async (tries = 3): Promise<void> => {
    await repository.status().catch((error: { message: string; stderr?: string }) => {
      const said = `${error.message} ${error.stderr ?? ''}`;
      if (tries > 1 && said.includes('index file')) return refresh(tries - 1);
      throw new Error(said);
    });
  };
  const remove = async (): Promise<void> => {
    await enableGit(false);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, inputBox: repository.inputBox, git, write, refresh, remove };
}
