/**
 * The parts of VS Code that the provider of chat models uses, for tests in Node. It records what is shown.
 */
import { registerHooks } from 'node:module';

/** A message that was shown, with its buttons. */
export interface Shown {
  text: string;
  buttons: string[];
}

/** What was shown and done, and which buttons are pressed. */
export const seen = {
  messages: [] as Shown[],
  dialogs: [] as Shown[],
  commands: [] as unknown[][],
  settings: [] as unknown[][],
  /** Presses the button of a message, or of a dialog, whose title matches. */
  press: undefined as RegExp | undefined,
};

async function show(text: string, ...rest: unknown[]): Promise<unknown> {
  const [options] = rest;
  const isDialog = typeof options === 'object' && options !== null && 'modal' in options;
  const buttons = rest.filter((one): one is string => typeof one === 'string');
  (isDialog ? seen.dialogs : seen.messages).push({ text, buttons });
  return buttons.find((button) => seen.press?.test(button));
}

class EventEmitter {
  private readonly listeners = new Set<(value: unknown) => void>();
  event = (listener: (value: unknown) => void): { dispose: () => void } => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };
  fire(value?: unknown): void {
    for (const listener of this.listeners) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

class CancellationTokenSource {
  private readonly emitter = new EventEmitter();
  token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.emitter.fire();
  }
}

class Part {
  value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

class LanguageModelError extends Error {
  code = '';
  static NotFound = (message: string): LanguageModelError => LanguageModelError.of(message, 'NotFound');
  static NoPermissions = (message: string): LanguageModelError =>
    LanguageModelError.of(message, 'NoPermissions');
  private static of(message: string, code: string): LanguageModelError {
    return Object.assign(new LanguageModelError(message), { code });
  }
}

export const vscode = {
  EventEmitter,
  CancellationTokenSource,
  CancellationError: class extends Error {},
  Disposable: {
    from: (...all: { dispose(): void }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) }),
  },
  LanguageModelError,
  LanguageModelTextPart: class extends Part {},
  LanguageModelThinkingPart: class extends Part {},
  LanguageModelToolCallPart: class {
    readonly called: unknown[];
    constructor(...called: unknown[]) {
      this.called = called;
    }
  },
  LanguageModelChatToolMode: { Auto: 1, Required: 2 },
  /** The tools that VS Code knows. */
  lm: { tools: [] as unknown[] },
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replaceAll(/\{(\d)\}/g, (_, index) => String(args[Number(index)])),
  },
  window: { showErrorMessage: show, showWarningMessage: show, showInformationMessage: show },
  commands: { executeCommand: async (...args: unknown[]) => void seen.commands.push(args) },
  workspace: {
    isTrusted: true,
    getConfiguration: () => ({
      inspect: () => undefined,
      update: async (...args: unknown[]) => void seen.settings.push(args),
    }),
  },
};

Object.assign(globalThis, { vscodeForChatTest: vscode });
const exported = Object.keys(vscode).map((name) => `export const ${name} = vscodeForChatTest.${name};`);
const url = `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
});
