// A real VS Code from the npm registry: code-server's package contains one, whose own server is started
// (server.ts).
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce, npm } from './npm.ts';

const VERSION = '4.139.1'; // VS Code 1.139.1

/** Installs on first use (about half a gigabyte) and returns the folder of VS Code's server. */
export async function installVSCode(): Promise<string> {
  const folder = await installOnce(`code-server-${VERSION}`, async (partial) => {
    console.error('Installing VS Code for tests into .vscode-test/ (once) ...');
    await npm(['install', '--ignore-scripts', `code-server@${VERSION}`], partial);
    const vscode = vscodeIn(partial);
    // Its install script would do this. Without it, unneeded native modules are skipped.
    for (const part of [vscode, join(vscode, 'extensions')]) {
      await npm(['install', '--omit=dev', '--ignore-scripts'], part);
    }
  });
  const vscode = vscodeIn(folder);
  copyFileSync(
    join(import.meta.dirname, 'spdlog.cjs'),
    join(vscode, 'node_modules', '@vscode', 'spdlog', 'index.js'),
  );
  return vscode;
}

function vscodeIn(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}
