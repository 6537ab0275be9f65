// Runs a bundled test module inside the extension host of a real VS Code and forwards its output.
import { inspect } from 'node:util';
import { startServer, type Server, type ServerOptions } from './server.ts';
import { openWindow } from './window.ts';

export interface HostTestOptions extends ServerOptions {
  /** Folder of the extension under test. */
  extensionPath: string;
  /** The bundle, which exports `run(): Promise<void>`. */
  testsPath: string;
  /** The folder opened in the window. */
  workspace: string;
  /** Receives each line that the tests print. */
  onLine?: (line: string) => void;
  /** For the whole run. Every single test has its own limit. */
  timeoutMs?: number;
}

export interface HostTestResult {
  /** 0 when `run()` resolved. */
  exitCode: number;
  log: string[];
}

export async function runHostTests(options: HostTestOptions): Promise<HostTestResult> {
  const server = await startServer({ ...options, development: true });
  try {
    return await runIn(server, options);
  } finally {
    await server.stop();
  }
}

async function runIn(server: Server, options: HostTestOptions): Promise<HostTestResult> {
  const log: string[] = [];
  const { promise: exited, resolve, reject } = Promise.withResolvers<number>();
  const window = await openWindow(server, {
    folder: options.workspace,
    extensionPath: options.extensionPath,
    testsPath: options.testsPath,
    onExit: resolve,
    onLog: (_type, args) => {
      for (const line of args.map(printed).join(' ').split('\n')) {
        log.push(line);
        options.onLine?.(line);
      }
    },
  });
  const timeoutMs = options.timeoutMs ?? 600_000;
  const timer = setTimeout(
    () => reject(new Error(`the host tests did not end within ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  window.page.on('crash', () => reject(new Error('the window crashed')));
  try {
    return { exitCode: await exited, log };
  } catch (error) {
    await window.screenshot('host-tests').catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    await window.close();
  }
}

function printed(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
