// VS Code in the browser, for machines without the desktop's `code`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { AnswerSource } from './answerSource.ts';
import { copySample, sample } from '../sampleWindow.ts';
import { hasDisplay } from './desktop.ts';
import { root } from '../vscode/npm.ts';
import { startServer } from '../vscode/server.ts';
import { addressOf } from '../vscode/windowAddress.ts';

/** A laptop may sleep for a while before its browser reconnects. */
const RECONNECT_SECONDS = 3600;

/** Prints the address and returns. The server keeps the process alive until Ctrl-C. */
export async function openInBrowser({ settings }: AnswerSource): Promise<void> {
  const folder = copySample();
  const server = await startServer({ settings, install: root, reconnectSeconds: RECONNECT_SECONDS });
  const openFile = join(folder, sample.file);
  const address = addressOf(server, { folder, openFile });
  console.log(
    `\nVS Code with CodeWorm is at\n\n  ${address}\n\nSelect some code, right-click, CodeWorm. Ctrl-C here ends it.`,
  );
  if (hasDisplay()) openAddress(address);
}

/** Without such a command, the user opens the printed address. */
function openAddress(address: string): void {
  const openers: Partial<Record<NodeJS.Platform, [string, string[]]>> = {
    darwin: ['open', [address]],
    win32: ['rundll32', ['url.dll,FileProtocolHandler', address]],
  };
  const [command, args] = openers[process.platform] ?? ['xdg-open', [address]];
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
