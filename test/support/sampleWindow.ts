// The sample workspace in a real window with the extension: what `npm start`, the window tests and the picture of
// the README have in common.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { removeFolder, temporaryFolder } from './vscode/cleanup.ts';
import { root } from './vscode/npm.ts';
import { startServer, type Server, type ServerOptions, type Settings } from './vscode/server.ts';
import { openWindow, type Window } from './vscode/window.ts';
import type { WindowOptions } from './vscode/windowAddress.ts';

/** What everything is shown on: a file of the sample, a method in it, and a text inside that method. */
export const sample = { file: 'inventory.ts', first: 14, last: 24, text: 'known.quantity' };

/** A copy that may be changed; its last part is the name that the window shows. */
export function copySample(): string {
  const folder = join(temporaryFolder('sample'), 'sample');
  cpSync(join(root, 'test', 'support', 'sample'), folder, { recursive: true });
  return folder;
}

export interface SampleWindow {
  window: Window;
  server: Server;
  folder: string;
  close(): Promise<void>;
}

export interface SampleOptions
  extends
    Pick<WindowOptions, 'size' | 'scale' | 'language'>,
    Pick<ServerOptions, 'workspaceTrust' | 'env' | 'builtIn'> {
  /** Changes the copy before it is opened. */
  prepare?: (folder: string) => void;
}

/**
 * Opens the sample file with the extension built into dist/, and waits until the extension is there. VS Code's own
 * extensions that start by themselves are absent unless `builtIn` names them.
 */
export async function openSampleWindow(
  settings: Settings,
  { prepare, workspaceTrust = false, env = {}, builtIn = [], ...options }: SampleOptions = {},
): Promise<SampleWindow> {
  const folder = copySample();
  prepare?.(folder);
  const server = await startServer({ settings, install: root, builtIn, workspaceTrust, env });
  const openFile = join(folder, sample.file);
  const window = await openWindow(server, { ...options, folder, openFile }).catch(async (error) => {
    await server.stop();
    throw error;
  });
  const close = async (): Promise<void> => {
    await window.close();
    await server.stop();
    removeFolder(join(folder, '..'));
  };
  try {
    await window.editor(sample.file).locator('.view-line').first().waitFor();
    await window.extensionStatus().waitFor();
    return { window, server, folder, close };
  } catch (error) {
    await window.screenshot('sample-window').catch(() => undefined);
    await close();
    throw error;
  }
}
