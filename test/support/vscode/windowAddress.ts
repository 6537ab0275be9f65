// The options of a window, and its address in the browser.
import type { Server } from './server.ts';

export interface WindowOptions {
  /** The workspace folder. */
  folder: string;
  /** A file to open first; absolute. */
  openFile?: string;
  /** Folder of an extension to run from its sources. The server must be a development one. */
  extensionPath?: string;
  /** A module that exports `run(): Promise<void>` and runs inside the extension host. */
  testsPath?: string;
  onLog?: (type: string, args: unknown[]) => void;
  onExit?: (code: number) => void;
  /** VS Code's display language for the texts of extensions. Its own texts stay English. */
  language?: string;
  size?: { width: number; height: number };
  scale?: number;
}

/** The address of the window. `payload` corresponds to the desktop's --extensionDevelopmentPath. */
export function addressOf(server: Server, options: WindowOptions): string {
  const { folder, openFile, extensionPath, testsPath } = options;
  const payload: [string, string][] = [];
  if (openFile) payload.push(['openFile', server.remotePath(openFile)]);
  if (extensionPath) payload.push(['extensionDevelopmentPath', server.remotePath(extensionPath)]);
  if (testsPath) payload.push(['extensionTestsPath', server.remotePath(testsPath)]);
  const query = new URLSearchParams({ tkn: server.token, folder });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.url}/?${query.toString()}`;
}
