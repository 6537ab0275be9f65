// Connection problems, explained and fixed in the window: another address, a server to start, a key.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDouble, type OllamaDouble } from '../support/double/index.ts';
import { freePort } from '../support/freePort.ts';
import { openSampleWindow, type SampleWindow } from '../support/sampleWindow.ts';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { root } from '../support/vscode/npm.ts';
import type { Window } from '../support/vscode/window.ts';

const models = [{ name: 'tiny:latest', sizeBytes: 1e9 }];

async function reportIn(window: Window): Promise<string> {
  const lines = window.editor('Connection%20Report.md').locator('.view-lines');
  await lines.filter({ hasText: 'OLLAMA_HOST' }).waitFor();
  return ((await lines.textContent()) ?? '').replaceAll('\u00a0', ' ');
}

async function press(window: Window, text: RegExp, button: string): Promise<void> {
  await (await window.notification(text)).getByRole('button', { name: button, exact: true }).click();
}

describe('a server at another address than the configured one', () => {
  let double: OllamaDouble;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models });
    const settings = {
      'codeworm.baseUrl': `http://127.0.0.1:${await freePort()}`,
      'codeworm.headers': { 'X-Secret': 'hush-4711-hush' },
      'codeworm.prewarm': false,
    };
    const env = { OLLAMA_HOST: `127.0.0.1:${double.port}` };
    opened = await openSampleWindow(settings, { env, size: { width: 1280, height: 2000 } });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    await double?.close();
  });

  it('is found by Diagnose Connection, whose report tells no secrets', async () => {
    await window.statusItem('Ollama offline').waitFor();
    await window.command('CodeWorm: Diagnose Connection');
    const report = await reportIn(window);
    await window.screenshot('diagnosis');
    assert.match(report, /Nothing listens at/);
    assert.match(report, /X-Secret/);
    for (const secret of [
      'hush-4711-hush',
      homedir(),
      ...(userInfo().username === 'root' ? [] : [userInfo().username]),
    ])
      assert.ok(!report.includes(secret), `${secret} is in the report`);
    assert.ok(double.requests.every(({ method, headers }) => method === 'GET' && !headers['x-secret']));
  });

  it('is applied with one click', async () => {
    await press(window, /A server answers at/, `Use ${double.url}`);
    await window.statusItem('tiny:latest').waitFor();
  });
});

describe('an Ollama that is installed and does not run', { skip: process.platform === 'win32' }, () => {
  const folder = temporaryFolder('program');
  const pidFile = join(folder, 'pid');
  let opened: SampleWindow;

  before(async () => {
    // The demo server as the `ollama` program: it listens where OLLAMA_HOST says, as `ollama serve` does.
    const demo = join(root, 'test', 'support', 'demo.ts');
    const script = `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${process.execPath}' '${demo}' "\${OLLAMA_HOST##*:}"\n`;
    mkdirSync(join(folder, '.local', 'bin'), { recursive: true });
    writeFileSync(join(folder, '.local', 'bin', 'ollama'), script, { mode: 0o755 });
    // VS Code gives extensions the PATH of the login shell, whatever its own PATH is.
    const env = { HOME: folder };
    opened = await openSampleWindow({ 'codeworm.baseUrl': `http://127.0.0.1:${await freePort()}` }, { env });
  });

  after(async () => {
    await opened?.close();
    if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8')));
    removeFolder(folder);
  });

  it('is started with one click; when it answers, its model is loaded', async () => {
    const { window } = opened;
    await window.statusItem('Ollama offline').waitFor();
    await window.command('CodeWorm: Explain');
    await press(window, /Nothing answers at/, 'Start Ollama');
    const program = join(folder, '.local', 'bin', 'ollama');
    assert.ok((await window.dialog().textContent())?.includes(program));
    await window.screenshot('start-ollama');
    await window.pressInDialog('Cancel');
    assert.ok(!existsSync(pidFile));
    await window.command('CodeWorm: Explain');
    await press(window, /Nothing answers at/, 'Start Ollama');
    await window.pressInDialog('Start Ollama');
    await window.notification(/Ollama runs at http:\/\/127\.0\.0\.1:\d+/);
    await window.statusItem(/demo-coder:1\.5b · demo/).waitFor();
    await window.screenshot('started');
  });
});

describe('a gateway that requires a key', () => {
  let double: OllamaDouble;
  let gateway: Server;
  let opened: SampleWindow;
  let window: Window;

  before(async () => {
    double = await startDouble({ models });
    gateway = createHttp((incoming, response) => {
      if (incoming.headers.authorization !== 'Bearer k-4711') return void response.writeHead(401).end();
      const { method, url: path, headers } = incoming;
      const onward = send({ port: double.port, host: '127.0.0.1', method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(onward);
    }).listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const { port } = gateway.address() as AddressInfo;
    opened = await openSampleWindow({
      'codeworm.baseUrl': `http://127.0.0.1:${port}`,
      'codeworm.prewarm': false,
    });
    window = opened.window;
  });

  after(async () => {
    await opened?.close();
    gateway?.closeAllConnections();
    gateway?.close();
    await double?.close();
  });

  it('is reported; the key is requested by a button, stored, and sent', async () => {
    await window.statusItem('CodeWorm: error').waitFor();
    await window.command('CodeWorm: Explain');
    await press(window, /wants a key/, 'Set API Key');
    const input = window.page.locator('.quick-input-widget input[type=password]');
    await input.waitFor();
    await window.screenshot('api-key');
    await input.fill('Bearer k-4711');
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await window.notification(/The key for http:\/\/127\.0\.0\.1:\d+ is set\./);
    await window.statusItem('tiny:latest').waitFor();
    await window.command('CodeWorm: Explain');
    await window.outputShows(/tokens\/s · first token after/);
    const sent = new Set(double.requests.map(({ headers }) => headers.authorization));
    assert.deepEqual([...sent], ['Bearer k-4711']);
  });

  it('gets no key after the key was cleared', async () => {
    await window.command('CodeWorm: Clear API Key');
    await window.notification(/The key for .* has been deleted\./);
    await window.statusItem('CodeWorm: error').waitFor();
  });
});
