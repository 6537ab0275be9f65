// Finds a Chromium: CODEWORM_CHROMIUM, the system's, one downloaded by Playwright, else one from an npm
// package.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installOnce, npm } from './npm.ts';

const NPM_VERSION = '153.0.0';

/** Also for macOS and Windows, where none of these is on the PATH. */
const INSTALLED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const PLAYWRIGHT_CACHES = [
  '.cache/ms-playwright',
  'Library/Caches/ms-playwright',
  'AppData/Local/ms-playwright',
];
const IN_PLAYWRIGHT_BUILD = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win/chrome.exe',
];

export interface Chromium {
  executable: string;
  env: Record<string, string>;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function onPath(): string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/snap/bin'];
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

function fromPlaywright(): string[] {
  const given = process.env['PLAYWRIGHT_BROWSERS_PATH'];
  const caches = [...(given ? [given] : []), ...PLAYWRIGHT_CACHES.map((cache) => join(homedir(), cache))];
  return caches.filter(existsSync).flatMap((cache) =>
    readdirSync(cache)
      .filter((build) => build.startsWith('chromium-'))
      .flatMap((build) => IN_PLAYWRIGHT_BUILD.map((file) => join(cache, build, file))),
  );
}

/** CODEWORM_CHROMIUM is a path, or `npm` for the packaged one. */
export async function findChromium(): Promise<Chromium> {
  const wanted = process.env['CODEWORM_CHROMIUM'];
  if (wanted === 'npm') return packagedChromium();
  if (wanted) return { executable: wanted, env: {} };
  const found = [...onPath(), ...INSTALLED, ...fromPlaywright()].find(isExecutable);
  return found ? { executable: found, env: {} } : packagedChromium();
}

/** For bare Linux machines: it contains libraries and fonts that may be missing. */
async function packagedChromium(): Promise<Chromium> {
  if (process.platform !== 'linux') {
    throw new Error(
      'No Chromium or Chrome was found; name one in the environment variable CODEWORM_CHROMIUM.',
    );
  }
  const folder = await installOnce(`chromium-${NPM_VERSION}`, async (partial) => {
    console.error('Installing Chromium for tests into .vscode-test/ (once) ...');
    await npm(['install', '--ignore-scripts', `@sparticuz/chromium@${NPM_VERSION}`], partial);
    unpack(partial);
    rmSync(join(partial, 'node_modules'), { recursive: true });
  });
  const executable = join(folder, 'chromium');
  const env = existsSync('/etc/fonts') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') };
  if (spawnSync(executable, ['--version']).status === 0) return { executable, env };
  return { executable, env: { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') } };
}

/** The package unpacks itself into the temporary folder. Here that must be `folder`, which stays. */
function unpack(folder: string): void {
  const script = `
    import chromium, { inflate } from '@sparticuz/chromium';
    await chromium.executablePath();
    await inflate('node_modules/@sparticuz/chromium/bin/al2023.tar.br');`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`@sparticuz/chromium could not be unpacked: ${stderr}`);
}
