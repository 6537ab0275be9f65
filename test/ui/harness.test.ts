// Tests the harness with a minimal extension: a failure here is not a fault of CodeWorm.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { removeFolder, temporaryFolder } from '../support/vscode/cleanup.ts';
import { startServer, type Server } from '../support/vscode/server.ts';
import { openWindow, type Window } from '../support/vscode/window.ts';

const manifest = {
  name: 'probe',
  publisher: 'codeworm',
  version: '0.0.1',
  engines: { vscode: '^1.104.0' },
  main: './main.js',
  activationEvents: ['onStartupFinished'],
  contributes: {
    commands: [{ command: 'probe.say', title: 'Say', category: 'Probe' }],
    submenus: [{ id: 'probe.menu', label: 'Probe' }],
    menus: {
      'editor/context': [{ submenu: 'probe.menu', group: '1_probe' }],
      'probe.menu': [{ command: 'probe.say' }],
    },
    configuration: { properties: { 'probe.word': { type: 'string', scope: 'machine', default: 'unset' } } },
  },
};

const main = `
const vscode = require('vscode');
exports.activate = (context) => {
  const channel = vscode.window.createOutputChannel('Probe', 'markdown');
  const item = vscode.window.createStatusBarItem('probe.status', vscode.StatusBarAlignment.Right, 100);
  item.text = 'CodeWorm probe';
  item.show();
  const say = () => {
    const { selection } = vscode.window.activeTextEditor;
    const word = vscode.workspace.getConfiguration('probe').get('word');
    channel.show(true);
    channel.append(\`said \${word} \${process.env.PROBE} \${selection.start.line + 1}-\${selection.end.line + 1}\\n\`);
    item.text = 'CodeWorm probe said';
  };
  context.subscriptions.push(channel, item, vscode.commands.registerCommand('probe.say', say));
};`;

const folder = temporaryFolder('probe');
let server: Server;
let window: Window;

// In a suite, because node:test runs the hooks of a file, without awaiting them, even when --grep selects
// none of its tests.
describe('the harness', () => {
  before(async () => {
    const [extensionPath, workspace] = [join(folder, 'extension'), join(folder, 'workspace')];
    for (const path of [extensionPath, workspace]) mkdirSync(path);
    writeFileSync(join(extensionPath, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(extensionPath, 'main.js'), main);
    writeFileSync(join(workspace, 'notes.txt'), 'one\ntwo\nthree\nfour\n');
    server = await startServer({
      settings: { 'probe.word': 'hello' },
      env: { PROBE: 'world' },
      install: extensionPath,
      builtIn: [],
    });
    window = await openWindow(server, { folder: workspace });
    await window.ready();
    await window.openFile('notes.txt');
    await window.extensionStatus().waitFor();
  });

  after(async () => {
    await window.close();
    await server.stop();
    removeFolder(folder);
  });

  it('a command of the context menu gets the selection, settings and environment', async () => {
    await window.selectLines(2, 3);
    await window.contextMenu('notes.txt', 'three', ['Probe', 'Say']);
    await window.outputShows(/said hello world 2-3/);
    await window.statusItem('CodeWorm probe said').waitFor();
  });

  it('a command of the palette gets the cursor', async () => {
    await window.placeCursor({ line: 4, column: 2 });
    await window.command('Probe: Say');
    assert.match(await window.outputShows(/4-4/), /2-3 said hello world 4-4$/);
    await window.screenshot('harness');
  });
});
