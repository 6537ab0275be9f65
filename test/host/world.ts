// Shared by the host suites: the running extension, its settings, and what it shows.
import * as vscode from 'vscode';
import type { CodeWormApi } from '../../src/extension.ts';
import type { Status } from '../../src/status/status.ts';
import {
  startDouble,
  type DoubleOptions,
  type OllamaDouble,
  type RecordedRequest,
} from '../support/double/index.ts';

const GB = 1e9;

/** Settings that keep the extension quiet except for what a test does: no prewarming, no polling. */
const quiet = {
  prewarm: false,
  pollInterval: 3600,
  model: '',
  numCtx: 16_384,
  numPredict: 4096,
  keepAlive: '30m',
};

export async function api(): Promise<CodeWormApi> {
  const extension = vscode.extensions.getExtension<CodeWormApi>('codeworm.codeworm');
  if (!extension) throw new Error('the extension is not installed');
  return extension.activate();
}

/** A requested dialog, as far as tests read it. */
export interface Dialog {
  message: string;
  detail: string;
}

/**
 * Presses a button of the next modal dialog. VS Code shows none in a window under test, so the answer is
 * given here; test/ui clicks the real dialogs.
 */
export function pressInDialog(button: string): Promise<Dialog> {
  const { window } = vscode;
  const original = window.showWarningMessage;
  return new Promise((resolve) => {
    window.showWarningMessage = async (message: string, options: unknown, ...buttons: unknown[]) => {
      const { modal, detail } = options as vscode.MessageOptions;
      if (!modal) return original(message, options as string);
      window.showWarningMessage = original;
      resolve({ message, detail: detail ?? '' });
      return buttons.find((one) => one === button) as never;
    };
  });
}

/** A message with its buttons. */
export interface ShownMessage {
  message: string;
  buttons: string[];
}

/** The next message that is not a dialog. It is not shown, and no button is pressed. */
export function messageShown(
  kind: 'showWarningMessage' | 'showInformationMessage' | 'showErrorMessage',
): Promise<ShownMessage> {
  const { window } = vscode;
  const original = window[kind];
  return new Promise((resolve) => {
    window[kind] = async (message: string, ...rest: unknown[]) => {
      const [options] = rest as [vscode.MessageOptions | string | undefined];
      if (typeof options === 'object' && options.modal) return original(message, ...(rest as string[]));
      window[kind] = original;
      resolve({ message, buttons: rest.filter((button) => typeof button === 'string') });
      return undefined as never;
    };
  });
}

export async function set(settings: Record<string, unknown>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('codeworm');
  for (const [name, value] of Object.entries(settings)) {
    if (JSON.stringify(configuration.get(name)) !== JSON.stringify(value)) {
      await configuration.update(name, value, vscode.ConfigurationTarget.Global);
    }
  }
}

/** Starts a double with one model of 1 GB, and sets its address in the extension's settings. */
export async function connect(
  options: DoubleOptions = {},
  settings: Record<string, unknown> = {},
): Promise<OllamaDouble> {
  const double = await startDouble({ models: [{ name: 'tiny:latest', sizeBytes: GB }], ...options });
  await set({ ...quiet, ...settings, baseUrl: double.url });
  return double;
}

/** Waits for status events until the status is of a kind (and passes a test). */
export async function status<K extends Status['kind']>(
  kind: K,
  test: (status: Status & { kind: K }) => boolean = () => true,
): Promise<Status & { kind: K }> {
  const extension = await api();
  const found = (): (Status & { kind: K }) | undefined => {
    const now = extension.status;
    return now.kind === kind && test(now as Status & { kind: K }) ? (now as Status & { kind: K }) : undefined;
  };
  return (
    found() ??
    new Promise((resolve) => {
      const subscription = extension.onDidChangeStatus(() => {
        const now = found();
        if (!now) return;
        subscription.dispose();
        resolve(now);
      });
    })
  );
}

function channel(): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri }) => uri.scheme === 'output' && /CodeWorm(?! Log)/.test(uri.path) && !/Log/.test(uri.path),
  );
}

/** Resolves with the text of the output channel after `from`, once it contains `expected`. */
export async function answers(expected: string | RegExp, from = 0): Promise<string> {
  await vscode.commands.executeCommand('codeworm.showAnswers');
  const found = (): string | undefined => {
    const text = channel()?.getText().slice(from) ?? '';
    return (typeof expected === 'string' ? text.includes(expected) : expected.test(text)) ? text : undefined;
  };
  return (
    found() ??
    new Promise((resolve) => {
      const look = (): void => {
        const text = found();
        if (text === undefined) return;
        vscode.Disposable.from(...subscriptions).dispose();
        resolve(text);
      };
      const subscriptions = [
        vscode.workspace.onDidChangeTextDocument(look),
        vscode.workspace.onDidOpenTextDocument(look),
      ];
    })
  );
}

/** The current length of the channel, to examine only later text. */
export function channelLength(): number {
  return channel()?.getText().length ?? 0;
}

export const code = `export class Basket {
  items = [];

  add(item) {
    this.items.push(item);
  }

  total() {
    return this.items.reduce((sum, item) => sum + item.price, 0);
  }
}

export function empty() {
  return new Basket();
}
`;

/** Opens the code above with the cursor or a selection there. Lines count from 0. */
export async function open(line: number, last?: number, language = 'javascript'): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language, content: code });
  const editor = await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
  });
  const end = last === undefined ? new vscode.Position(line, 4) : document.lineAt(last).range.end;
  editor.selection = new vscode.Selection(new vscode.Position(line, last === undefined ? 4 : 0), end);
  return editor;
}

export const run = (command: string, args?: unknown): Thenable<unknown> =>
  vscode.commands.executeCommand(`codeworm.${command}`, ...(args === undefined ? [] : [args]));

export const generations = (double: OllamaDouble): RecordedRequest[] =>
  double.requests.filter(({ path, body }) => path === '/api/generate' && Boolean(body.prompt));

export const isGeneration = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && Boolean(body.prompt);
