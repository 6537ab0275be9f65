// npm run test:desktop: the host suites in a desktop's VS Code, which @vscode/test-electron downloads.
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { join } from 'node:path';
import { buildExtension, buildHostTests } from '../../esbuild.mjs';
import { temporaryFolder } from './vscode/cleanup.ts';
import { root, store } from './vscode/npm.ts';

/** CODEWORM_VSCODE=1.104.0 (the oldest supported version), stable, or insiders. */
const version = process.env['CODEWORM_VSCODE'] ?? 'stable';

async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: store });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `VS Code (${version}) could not be downloaded: ${reason}\n` +
        'npm test runs the same suites in a VS Code from the npm registry.',
      { cause: error },
    );
  }
}

async function main(): Promise<void> {
  const vscodeExecutablePath = await download();
  await buildExtension();
  await buildHostTests();
  // Chromium's sandbox does not work for root.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'out', 'host', 'index.js'),
    launchArgs: [
      temporaryFolder('workspace'),
      ...['--user-data-dir', temporaryFolder('user')],
      ...['--disable-extensions', '--disable-workspace-trust', '--skip-welcome', ...asRoot],
    ],
  });
}

await main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
