// A replacement for the part of VS Code's API that the chat of this extension uses. Import it before the code
// under test.
import { registerHooks } from 'node:module';

class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}
type Bounds = [Position, Position] | [number, number, number, number];

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...bounds: Bounds) {
    const [start, end, line, character] = bounds;
    this.start = start instanceof Position ? start : new Position(start, end as number);
    this.end = end instanceof Position ? end : new Position(line!, character!);
  }
}
class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}
export class Location {
  readonly uri: Uri;
  readonly range: Range;
  constructor(uri: Uri, range: Range) {
    this.uri = uri;
    this.range = range;
  }
}
export class Uri {
  readonly scheme = 'file';
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  toString(): string {
    return `file://${this.path}`;
  }
}
export class ChatResponseTurn {
  readonly participant = 'codeworm.chat';
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

/** Classes of which tests create no objects. */
class Other {
  readonly isOther = true;
}

/** The state that tests read and change. */
export const shown = {
  copied: '',
  executed: [] as unknown[][],
  files: {} as Record<string, string>,
  /** The active editor, with whole lines selected: counted from 0, the last one not included. */
  editor: undefined as { path: string; first: number; last: number } | undefined,
  /** The known settings by section and name, with the user's values. */
  settings: {} as Record<string, { defaultValue: unknown; globalValue?: unknown }>,
  /** Names of models in VS Code's list; signed-in accounts. */
  models: [] as string[],
  accounts: [] as string[],
  messages: [] as string[],
  /** The button that is pressed in a dialog. */
  press: undefined as string | undefined,
  /** The state of the extension with VS Code's chat. */
  chatExtension: 'active' as 'active' | 'enabled' | 'disabled',
  /** Whether the setup of the chat ends without enabling its extension. */
  refusesChat: false,
};

/** The settings of a section. */
function configuration(section: string): object {
  const found = (name: string): { defaultValue: unknown; globalValue?: unknown } | undefined =>
    shown.settings[`${section}.${name}`];
  return {
    get: (name: string) => found(name)?.globalValue ?? found(name)?.defaultValue,
    inspect: found,
    update: async (name: string, value: unknown) => {
      const setting = found(name);
      if (!setting) throw new Error(`no setting ${section}.${name}`);
      if (value === undefined) delete setting.globalValue;
      else setting.globalValue = value;
    },
  };
}

async function message(text: string): Promise<string | undefined> {
  shown.messages.push(text);
  return shown.press;
}

export const extensionListeners = new Set<() => void>();
function changeChatExtension(state: typeof shown.chatExtension): void {
  shown.chatExtension = state;
  for (const listener of extensionListeners) listener();
}

export const nothing = { dispose: (): void => undefined };
/** Changes VS Code's version. */
export const setVersion = (version: string): void => api.setVersion(version);
const api = {
  setVersion: (_version: string): void => undefined,
  Position,
  Range,
  Location,
  Uri,
  ChatResponseTurn,
  ChatRequestTurn: Other,
  EndOfLine: { LF: 1, CRLF: 2 },
  TabInputText: Other,
  TabInputTextDiff: Other,
  Disposable: {
    from: (...all: { dispose: () => void }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) }),
  },
  EventEmitter: class {
    event = (): typeof nothing => nothing;
    fire(): void {}
    dispose(): void {}
  },
  env: {
    language: 'en',
    clipboard: { writeText: async (text: string) => void (shown.copied = text) },
  },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replaceAll(/\{(\d)\}/g, (_, at: string) => String(args[Number(at)])),
  },
  commands: {
    executeCommand: async (...call: unknown[]) => {
      shown.executed.push(call);
      if (!String(call[0]).includes('triggerSetup')) return undefined;
      if (shown.refusesChat) return false;
      return changeChatExtension('enabled');
    },
    getCommands: async () => ['workbench.action.chat.open'],
  },
  lm: { selectChatModels: async () => shown.models.map((id) => ({ id })) },
  authentication: { getAccounts: async () => shown.accounts },
  ConfigurationTarget: { Global: 1 },
  ProgressLocation: { Notification: 15 },
  extensions: {
    getExtension: () =>
      shown.chatExtension === 'disabled'
        ? undefined
        : {
            isActive: shown.chatExtension === 'active',
            activate: async () => changeChatExtension('active'),
          },
    onDidChange: (listener: () => void) => {
      extensionListeners.add(listener);
      return { dispose: () => extensionListeners.delete(listener) };
    },
  },
  window: {
    withProgress: async (_options: unknown, work: () => Promise<unknown>) => work(),
    get activeTextEditor(): unknown {
      const { editor } = shown;
      if (!editor) return undefined;
      const { first, last } = editor;
      const document = documentOf(editor.path);
      return { document, selection: new Selection(new Position(first, 0), new Position(last, 0)) };
    },
    visibleTextEditors: [],
    tabGroups: { activeTabGroup: { tabs: [] }, all: [] },
    showInformationMessage: message,
    showWarningMessage: message,
    showErrorMessage: message,
  },
  workspace: {
    fs: { isWritableFileSystem: () => true },
    notebookDocuments: [],
    textDocuments: [],
    workspaceFolders: undefined,
    getWorkspaceFolder: () => ({}),
    asRelativePath: ({ path }: Uri) => path.slice(1),
    getConfiguration: configuration,
    openTextDocument: async (uri: Uri) => documentOf(uri.path),
  },
};

function documentOf(path: string): unknown {
  const text = shown.files[path];
  if (text === undefined) throw new Error(`no file ${path}`);
  const lines = text.split('\n');
  const offsetAt = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return {
    uri: new Uri(path),
    languageId: 'javascript',
    eol: 1,
    lineCount: lines.length,
    getText: (range?: Range) => (range ? text.slice(offsetAt(range.start), offsetAt(range.end)) : text),
    lineAt: (at: number | Position) => {
      const line = typeof at === 'number' ? at : at.line;
      const length = lines[line]?.length ?? 0;
      return { text: lines[line] ?? '', range: new Range(line, 0, line, length) };
    },
    offsetAt,
    validatePosition: (at: Position) => at,
    validateRange: ({ start, end }: Range) =>
      new Range(start.line, start.character, end.line, Math.min(end.character, lines[end.line]?.length ?? 0)),
  };
}

function provideVscode(): void {
  Object.assign(globalThis, { vscodeForChat: api });
  const exported = Object.keys(api).map((name) => `export const ${name} = vscodeForChat.${name};`);
  exported.push(
    "export let version = '1.139.0';",
    'vscodeForChat.setVersion = (number) => { version = number; };',
  );
  const url = `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  });
}

provideVscode();
