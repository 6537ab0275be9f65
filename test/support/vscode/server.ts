// A VS Code server with new data folders. Its windows are pages of a browser (window.ts).
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtInFolder, type BuiltIn } from './builtIn.ts';
import { removeFolder, spawnTree, stopTree, temporaryFolder } from './cleanup.ts';
import { installVSCode } from './install.ts';

export type Settings = Record<string, unknown>;

export interface ServerOptions {
  /** Added to the machine's settings, over the quiet ones below. */
  settings?: Settings;
  /** Added to the environment of the server, and so of the extension host. */
  env?: Record<string, string>;
  /** Folder of a built extension to install. */
  install?: string;
  /** VS Code's own extensions; all of them by default. */
  builtIn?: BuiltIn;
  /**
   * Lets windows name an extension under development, and tests, in their address. Such windows show no
   * message toasts, as in VS Code's own window tests, where they would disturb.
   */
  development?: boolean;
  /** Folders are untrusted until the user trusts them, as on a desktop. */
  workspaceTrust?: boolean;
  /**
   * Seconds that the extension host waits for a closed window; a test's window never returns. 1 by default.
   */
  reconnectSeconds?: number;
}

export interface Server {
  /** http://127.0.0.1:port */
  url: string;
  /** Required to open a window, so that other users of the machine cannot. */
  token: string;
  /** The form of extension and test paths in a window's address. */
  remotePath(path: string): string;
  /** The server's output so far, for diagnosing a window that does not open. */
  output(): string;
  stop(): Promise<void>;
}

/** Disables everything in VS Code that asks, greets, downloads or blinks by itself. */
export const QUIET: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.editor.useModal': 'off',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.panel.defaultLocation': 'bottom',
  'workbench.layoutControl.enabled': false,
  'workbench.navigationControl.enabled': false,
  'window.commandCenter': false,
  'window.confirmBeforeClose': 'never',
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'git.autofetch': false,
  'remote.autoForwardPorts': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'typescript.surveys.enabled': false,
  'npm.autoDetect': 'off',
  'json.schemaDownload.enable': false,
};

const ARGUMENTS = [
  ...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms'],
  ...['--telemetry-level', 'off'],
];

/** Starts a server on a free port of 127.0.0.1 and waits until it listens. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const vscode = await installVSCode();
  const data = temporaryFolder('vscode');
  const token = randomUUID();
  const trust = options.workspaceTrust
    ? { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
    : {};
  writeSettings(data, { ...trust, ...options.settings });
  if (options.install) installExtension(data, options.install);
  const args = [
    ...['--require', join(import.meta.dirname, 'endWithParent.cjs')],
    ...[join(vscode, 'out', 'server-main.js'), ...ARGUMENTS, ...dataArguments(data, token)],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    ...builtInArguments(vscode, data, options.builtIn ?? 'all'),
    ...(options.development ? ['--enable-smoke-test-driver'] : []),
    ...['--reconnection-grace-time', String(options.reconnectSeconds ?? 1)],
  ];
  const env = { ...environment(), ...options.env };
  const child = spawnTree(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async (): Promise<void> => {
    await stopTree(child);
    removeFolder(data);
  };
  let output = '';
  const keep = (text: string): unknown => (output += text);
  try {
    const port = await listeningPort(child, keep);
    const remotePath = (path: string): string => `vscode-remote://127.0.0.1:${port}${encodeURI(path)}`;
    return { url: `http://127.0.0.1:${port}`, token, remotePath, output: () => output, stop };
  } catch (error) {
    await stop();
    throw new Error(`VS Code's server did not start: ${output}`, { cause: error });
  }
}

/** Resolves when the server reports that it listens. `keep` gets all its output, later output included. */
function listeningPort(child: ChildProcess, keep: (text: string) => unknown): Promise<string> {
  child.stderr!.on('data', (chunk) => keep(String(chunk)));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      keep(`${line}\n`);
      const port = /listening on (\d+)/.exec(line)?.[1];
      if (port) resolve(port);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

/** The token is passed in a file, because everyone on the machine can read arguments. */
function dataArguments(data: string, token: string): string[] {
  const tokenFile = join(data, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const folders = ['user-data', 'server-data', 'extensions'];
  return [
    ...folders.flatMap((name) => [`--${name}-dir`, join(data, name)]),
    '--connection-token-file',
    tokenFile,
  ];
}

function builtInArguments(vscode: string, data: string, builtIn: BuiltIn): string[] {
  return builtIn === 'all' ? [] : ['--builtin-extensions-dir', builtInFolder(vscode, data, builtIn)];
}

function writeSettings(data: string, settings: Settings): void {
  const machine = join(data, 'user-data', 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), JSON.stringify({ ...QUIET, ...settings }, null, 2));
}

/** VS Code registers all extensions in a new extensions folder. */
function installExtension(data: string, extension: string): void {
  const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const folder = join(
    data,
    'extensions',
    `${manifest['publisher']}.${manifest['name']}-${manifest['version']}`,
  );
  const texts = readdirSync(extension).filter((name) => /^package\.nls\..*json$/.test(name));
  // The commands are in their own bundle, beside the main one.
  const parts = ['package.json', ...texts, dirname(manifest['main']!), 'media'];
  for (const part of parts.filter((name) => existsSync(join(extension, name)))) {
    cpSync(join(extension, part), join(folder, part), { recursive: true });
  }
}

/** A test that runs in a terminal of VS Code must not pass on its window's variables. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name),
  );
  return Object.fromEntries(inherited);
}
