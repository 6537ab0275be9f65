// The one script that runs with any Node (20 or newer) and without any package: it installs the packages if
// they are missing or not those of package-lock.json, then starts the project's own Node.
//   node test/support/bootstrap.mjs <script in test/support without .ts> [arguments]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';
const projectNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * npm records what it installed in node_modules. Comparing versions also works after a checkout has changed
 * file dates.
 */
function packagesAreCurrent() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(modules, '.package-lock.json'))?.packages ?? {};
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version,
  );
}

/** The npm that started this process, else the one on the PATH. */
function npm(args, cwd) {
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const { status } = spawnSync(command, [...first, ...args], {
    cwd,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (status !== 0) fail(`npm ${args.join(' ')} failed in ${cwd}`);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

function nodeWorks() {
  if (!existsSync(projectNode)) return false;
  const { stdout } = spawnSync(projectNode, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() === `v${readJson(join(modules, 'node', 'package.json'))?.version}`;
}

/**
 * The package `node` downloads its binary in an install script, but newer npms run no install scripts by
 * default. So the binary is installed here by name. (esbuild and the others work without their scripts.)
 */
function installNode() {
  const folder = join(modules, 'node');
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
  if (!nodeWorks()) fail(`the Node of package.json could not be installed into ${folder}`);
}

function setUp() {
  if (!packagesAreCurrent()) {
    console.error('Installing the packages of package-lock.json (once) ...');
    // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which a mirror
    // of the registry may lack. Locked packages are installed as locked, and the lock file is not changed.
    npm(['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root);
  }
  if (!nodeWorks()) installNode();
}

function handOver(script, args) {
  const path = [join(modules, '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(
    projectNode,
    [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      join(root, 'test', 'support', `${script}.ts`),
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } },
  );
  // Ctrl-C reaches the child too. It needs time to stop what it has started, so this process ends with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // When npm is ended, it ends only the shell between: then this process has another parent.
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1000).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`Node 20 or newer is needed; this is ${process.version}`);
const [, , stage, ...args] = process.argv;
if (!stage) fail('which script of test/support shall run?');
setUp();
handOver(stage === 'test' ? 'run' : stage, args);
