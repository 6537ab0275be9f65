// VS Code's own extensions in a test: those that start with every window need seconds of processor time, so a
// test names the ones that it needs.
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** They start with the window or with its first file, by their manifests in VS Code 1.139. */
const startByThemselves = [
  'configuration-editing',
  'copilot',
  'debug-auto-launch',
  'emmet',
  'git',
  'git-base',
  'github',
  'github-authentication',
  'json-language-features',
  'merge-conflict',
  'microsoft-authentication',
  'npm',
  'terminal-suggest',
  'typescript-language-features',
] as const;

/** All of VS Code's own extensions, or these of the ones that start by themselves and all of the others. */
export type BuiltIn = 'all' | readonly (typeof startByThemselves)[number][];

/** Makes a folder for `--builtin-extensions-dir` inside `data`. */
export function builtInFolder(vscode: string, data: string, wanted: Exclude<BuiltIn, 'all'>): string {
  const absent = new Set<string>(startByThemselves.filter((name) => !wanted.includes(name)));
  const [from, folder] = [join(vscode, 'extensions'), join(data, 'builtin')];
  mkdirSync(folder);
  for (const { name } of readdirSync(from, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
    if (!absent.has(name)) symlinkSync(join(from, name), join(folder, name), 'junction');
  return folder;
}
