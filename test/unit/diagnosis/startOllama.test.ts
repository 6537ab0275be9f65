/** Finds and starts a fake ollama program that behaves like the real one. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findOllama, startOllama, type StartRequest } from '../../../src/diagnosis/index.ts';
import { environmentOutside } from '../../../src/diagnosis/ollamaEnvironment.ts';
import { runnable } from '../../../src/diagnosis/ollamaProgram.ts';
import { OllamaError } from '../../../src/ollama/index.ts';
import { freePort } from '../../support/freePort.ts';
import { removeFolder, temporaryFolder } from '../../support/vscode/cleanup.ts';

/** Prints a log and answers like `ollama serve`. FAKE selects other behavior. */
const script = `#!${process.execPath}
const { FAKE: fake, NOTES: notes, OLLAMA_HOST } = process.env;
const { writeFileSync } = require('node:fs');
const note = (more) => writeFileSync(notes, JSON.stringify({ pid: process.pid, args: process.argv.slice(2), OLLAMA_HOST, cwd: process.cwd(), ...more }));
process.on('SIGTERM', () => { note({ ended: true }); if (fake !== 'stubborn') process.exit(0); });
note({});
if (fake === 'fails') {
  console.error('time=now level=INFO');
  console.error('Error: listen tcp ' + OLLAMA_HOST + ': bind: address already in use ' + process.env.HOME + '/x');
  process.exit(1);
}
if (fake === 'mute') process.exit(0);
if (fake === 'hangs' || fake === 'stubborn') setInterval(() => undefined, 1000);
if (fake === 'serves') {
  const { port, hostname } = new URL('http://' + OLLAMA_HOST);
  setTimeout(() => {
    require('node:http').createServer((request, response) => {
      console.error('GIN', request.url);
      if (request.url === '/end') response.end('', () => process.exit(0));
      else response.end(request.url === '/api/version' ? '{"version":"0.33.0"}' : 'Ollama is running');
    }).listen(Number(port), hostname);
  }, 50);
}
`;

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const skip = process.platform === 'win32' && 'a script is no program on Windows';

describe('starting Ollama', { skip }, () => {
  let folder = '';
  let program = '';
  before(() => {
    folder = temporaryFolder('ollama');
    program = join(folder, 'ollama');
    writeFileSync(program, script, { mode: 0o755 });
  });
  // A test that fails halfway must not leave a server running.
  after(() => {
    for (const file of readdirSync(folder).filter((name) => name.startsWith('notes'))) {
      const { pid } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Notes;
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    removeFolder(folder);
  });

  interface Notes {
    pid: number;
    args: string[];
    OLLAMA_HOST: string;
    cwd: string;
    ended?: boolean;
  }
  let count = 0;

  async function request(fake: string, env: NodeJS.ProcessEnv = {}) {
    const port = await freePort();
    const file = join(folder, `notes${++count}`);
    const { PATH, HOME } = process.env;
    const start: StartRequest = {
      program,
      address: `http://127.0.0.1:${port}`,
      signal: new AbortController().signal,
      identity: { home: HOME ?? '', user: '', host: '' },
      env: { PATH, HOME, FAKE: fake, NOTES: file, ...env },
      limits: { pollMs: 10 },
    };
    const notes = (): Notes => JSON.parse(readFileSync(file, 'utf8')) as Notes;
    return { start, notes, port, hasBegun: () => existsSync(file) && readFileSync(file, 'utf8') !== '' };
  }

  const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => assert.fail('it succeeded'),
      (error: unknown) => error,
    );

  it('waits until it answers, and leaves it running', async () => {
    const { start, notes, port } = await request('serves');
    const waits: number[] = [];
    const { pid, logFile } = await startOllama({ ...start, onProgress: (ms) => waits.push(ms) });
    const { args, OLLAMA_HOST, cwd } = notes();
    assert.deepEqual([args, OLLAMA_HOST], [['serve'], `127.0.0.1:${port}`]);
    assert.notEqual(cwd, process.cwd());
    assert.ok(waits.length > 0);
    assert.equal(pid, notes().pid);
    assert.ok(pid !== undefined && isAlive(pid));
    assert.match(readFileSync(logFile, 'utf8'), /GIN/);
    await fetch(`${start.address}/end`).catch(() => undefined);
    removeFolder(join(logFile, '..'));
  });

  it('leaves OLLAMA_HOST as it is where it leads to the address', async () => {
    const { start, notes, port } = await request('serves');
    const env = { ...start.env, OLLAMA_HOST: `0.0.0.0:${port}` };
    const { logFile } = await startOllama({ ...start, env });
    assert.equal(notes().OLLAMA_HOST, `0.0.0.0:${port}`);
    await fetch(`${start.address}/end`).catch(() => undefined);
    removeFolder(join(logFile, '..'));
  });

  it('keeps running and logging when its starter has exited', async () => {
    const { start } = await request('serves');
    const door = new URL('../../../src/diagnosis/index.ts', import.meta.url).href;
    const { signal: _, ...rest } = start;
    const starter = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { startOllama } = await import(${JSON.stringify(door)});
         const signal = new AbortController().signal;
         console.log(JSON.stringify(await startOllama({ ...${JSON.stringify(rest)}, signal })));`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const chunks: Buffer[] = [];
    starter.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(starter, 'close');
    const { pid, logFile } = JSON.parse(Buffer.concat(chunks).toString()) as { pid: number; logFile: string };
    for (let round = 0; round < 3; round++) assert.equal((await fetch(start.address)).status, 200);
    assert.ok(isAlive(pid));
    await fetch(`${start.address}/end`).catch(() => undefined);
    removeFolder(join(logFile, '..'));
  });

  it("reports the last output of one that fails, without the user's name", async () => {
    const { start } = await request('fails', { HOME: '/home/alice' });
    const identity = { home: '/home/alice', user: 'alice', host: '' };
    const error = await failureOf(startOllama({ ...start, identity }));
    assert.ok(error instanceof OllamaError);
    assert.match(error.message, /another program uses its port \(.*address already in use ~\/x\): end that/);
  });

  it('reports one that exits without output', async () => {
    const { start } = await request('mute');
    const error = await failureOf(startOllama(start));
    assert.ok(error instanceof OllamaError);
    assert.match(error.message, /ended before it answered, without a message/);
  });

  it('accepts another server that answers there meanwhile', async () => {
    const first = await request('serves');
    const { logFile } = await startOllama(first.start);
    const { start } = await request('fails');
    const { pid, logFile: second } = await startOllama({ ...start, address: first.start.address });
    assert.notEqual(pid, first.notes().pid);
    await fetch(`${first.start.address}/end`).catch(() => undefined);
    for (const file of [logFile, second]) removeFolder(join(file, '..'));
  });

  it('reports a missing program', async () => {
    const { start } = await request('serves');
    const error = await failureOf(startOllama({ ...start, program: join(folder, 'missing') }));
    assert.ok(error instanceof OllamaError);
    assert.match(error.message, /cannot be started \(ENOENT\)/);
  });

  for (const fake of ['hangs', 'stubborn'])
    it(`cancelling ends one that ${fake === 'hangs' ? fake : 'does not listen to SIGTERM'}`, async () => {
      const { start, notes, hasBegun } = await request(fake);
      const controller = new AbortController();
      const onProgress = (): void => {
        if (hasBegun()) controller.abort(new Error('no longer wanted'));
      };
      const limits = { pollMs: 10, graceMs: 100 };
      const error = await failureOf(startOllama({ ...start, signal: controller.signal, onProgress, limits }));
      assert.equal((error as Error).message, 'no longer wanted');
      assert.ok(!isAlive(notes().pid));
    });

  it('has a time limit, and leaves nothing running', async () => {
    const { start } = await request('hangs');
    const error = await failureOf(startOllama({ ...start, limits: { pollMs: 10, totalMs: 50 } }));
    assert.ok(error instanceof OllamaError);
    assert.match(error.message, /did not answer at .* within 0.05 s/);
  });

  it('finds it in PATH, but never in a relative entry or an untrusted folder', async () => {
    const workspace = join(folder, 'workspace');
    mkdirSync(workspace);
    writeFileSync(join(workspace, 'ollama'), script, { mode: 0o755 });
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(join(workspace, 'ollama'), join(linked, 'ollama'));
    const find = (PATH: string, untrusted: string[] = [workspace]) =>
      findOllama(untrusted, { platform: 'linux', env: { PATH }, home: '/nowhere', runnable });
    const usual = await find('');
    assert.equal(await find(`.::workspace:${workspace}:${linked}:${folder}`), program);
    assert.equal(await find(`.::workspace:${workspace}:${linked}`), usual);
    assert.equal(await find(workspace, []), join(workspace, 'ollama'));
    // The target is outside of the workspace, but anyone who can write to the workspace can change the link.
    const through = join(folder, 'through');
    symlinkSync(folder, join(workspace, 'out'));
    symlinkSync(join(workspace, 'out'), through);
    assert.equal(await find(through), usual, 'a folder by a link in the workspace');
    const linkedOut = join(folder, 'linked-out');
    mkdirSync(linkedOut);
    symlinkSync(program, join(workspace, 'link'));
    symlinkSync(join(workspace, 'link'), join(linkedOut, 'ollama'));
    assert.equal(await find(linkedOut), usual, 'a program by a link in the workspace');
    assert.equal(await find(linkedOut, []), join(linkedOut, 'ollama'));
    assert.equal(await find(workspace, [workspace.toUpperCase()]), usual, 'upper and lower case');
    const alias = join(folder, 'alias');
    symlinkSync(workspace, alias);
    assert.equal(await find(workspace, [alias]), usual, 'a workspace that is a link');
  });

  it('uses nothing from the workspace: no library, no model, no program', async () => {
    const workspace = join(folder, 'project');
    mkdirSync(workspace);
    const env = {
      OLLAMA_MODELS: join(workspace, 'models'),
      OLLAMA_HOST: '127.0.0.1:11434',
      OLLAMA_LIBRARY_PATH: `/usr/lib:${workspace}/lib`,
      LD_PRELOAD: join(workspace, 'evil.so'),
      LD_LIBRARY_PATH: '/usr/lib',
      PATH: `/usr/bin:${workspace}/bin:.::bin:/bin`,
      HOME: workspace,
    };
    assert.deepEqual(await environmentOutside([workspace], env, 'linux'), {
      OLLAMA_HOST: '127.0.0.1:11434',
      LD_LIBRARY_PATH: '/usr/lib',
      PATH: '/usr/bin:/bin',
      HOME: workspace,
    });
    const windows = { Path: 'C:\\Windows;c:\\WORK\\bin;bin', OLLAMA_MODELS: 'C:\\Work\\models' };
    assert.deepEqual(await environmentOutside(['C:\\work'], windows, 'win32'), { Path: 'C:\\Windows' });
  });
});

describe('where Ollama is installed', () => {
  const find = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string, there: string) =>
    findOllama(['C:\\work', '/work'], {
      platform,
      env,
      home,
      runnable: async (path) => (path === there ? path : undefined),
    });

  for (const [platform, path] of [
    ['win32', 'C:\\Users\\me\\AppData\\Local\\Programs\\Ollama\\ollama.exe'],
    ['win32', 'D:\\tools\\ollama.exe'],
    ['darwin', '/opt/homebrew/bin/ollama'],
    ['darwin', '/Applications/Ollama.app/Contents/Resources/ollama'],
    ['linux', '/usr/local/bin/ollama'],
    ['linux', '/home/me/.local/bin/ollama'],
  ] as const)
    it(`${platform}: ${path}`, async () => {
      const home = platform === 'win32' ? 'C:\\Users\\me' : '/home/me';
      assert.equal(await find(platform, { Path: '\\odd;tools;"D:\\tools"' }, home, path), path);
    });

  it('nothing in the folders of the workspace', async () => {
    const path = 'c:\\WORK\\bin\\ollama.exe';
    assert.equal(await find('win32', { PATH: 'c:\\WORK\\bin' }, 'C:\\Users\\me', path), undefined);
  });
});
