// The chat's participant without VS Code: a stand-in for the part of its API that the participant uses, the real queue
// and client, and a response that is written down.
import { registerHooks } from 'node:module';
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import type { OllamaDouble } from './double/index.ts';

class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}
type Bounds = [Position, Position] | [number, number, number, number];

class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(...bounds: Bounds) {
    const [start, end, line, character] = bounds;
    this.start = start instanceof Position ? start : new Position(start, end as number);
    this.end = end instanceof Position ? end : new Position(line!, character!);
  }
}
class Location {
  readonly uri: Uri;
  readonly range: Range;
  constructor(uri: Uri, range: Range) {
    this.uri = uri;
    this.range = range;
  }
}
class Uri {
  readonly scheme = 'file';
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  toString(): string {
    return `file://${this.path}`;
  }
}
class ChatResponseTurn {
  readonly participant = 'codeworm.chat';
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}

/** Of what no test makes any. */
class Other {
  readonly isOther = true;
}

/** What tests look at, and change. */
export const shown = {
  copied: '',
  executed: [] as unknown[][],
  files: {} as Record<string, string>,
  /** Settings that this VS Code knows, by section and name, with what the user has set. */
  settings: {} as Record<string, { defaultValue: unknown; globalValue?: unknown }>,
  /** Names of models that VS Code can choose; accounts that are signed in. */
  models: [] as string[],
  accounts: [] as string[],
  messages: [] as string[],
  /** The button that is pressed in a dialog. */
  press: undefined as string | undefined,
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

const nothing = { dispose: (): void => undefined };
const api = {
  Position,
  Range,
  Location,
  Uri,
  ChatResponseTurn,
  ChatRequestTurn: Other,
  EndOfLine: { LF: 1, CRLF: 2 },
  TabInputText: Other,
  TabInputTextDiff: Other,
  Disposable: { from: () => nothing },
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
    executeCommand: async (...call: unknown[]) => void shown.executed.push(call),
    getCommands: async () => ['workbench.action.chat.open'],
  },
  lm: { selectChatModels: async () => shown.models.map((id) => ({ id })) },
  authentication: { getAccounts: async () => shown.accounts },
  ConfigurationTarget: { Global: 1 },
  window: {
    activeTextEditor: undefined as unknown,
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
    validateRange: ({ start, end }: Range) =>
      new Range(start.line, start.character, end.line, Math.min(end.character, lines[end.line]?.length ?? 0)),
  };
}

function provideVscode(): void {
  Object.assign(globalThis, { vscodeForChat: api });
  const exported = Object.keys(api).map((name) => `export const ${name} = vscodeForChat.${name};`);
  const url = `data:text/javascript,${encodeURIComponent(exported.join('\n'))}`;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
  });
}

provideVscode();
const { ChatParticipant } = await import('../../src/chat/participant/participant.ts');
const { GenerationQueue } = await import('../../src/generation/queue.ts');
const { LastAnswer } = await import('../../src/generation/lastAnswer.ts');
const { Priorities } = await import('../../src/generation/priorities.ts');

interface Asked {
  command?: string;
  prompt?: string;
  /** Paths of files. */
  attach?: string[];
}

/** A conversation with the participant, on a double. */
export class Conversation {
  readonly lastAnswer = new LastAnswer(() => undefined);
  readonly client: OllamaClient;
  isApproved = true;
  private readonly participant: InstanceType<typeof ChatParticipant>;
  private readonly results: unknown[] = [];

  constructor(double: OllamaDouble) {
    this.client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    this.participant = new ChatParticipant(this.services() as never);
  }

  /** Asks, and returns what stands in the chat. */
  async ask(
    { command, prompt = '', attach = [] }: Asked,
    onText?: (text: string, cancel: () => void) => void,
  ): Promise<Written> {
    const written = new Written();
    let cancelled = (): void => undefined;
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => {
        cancelled = listener;
        return nothing;
      },
    };
    written.onText = () =>
      onText?.(written.text, () => {
        token.isCancellationRequested = true;
        cancelled();
      });
    const references = attach.map((path) => ({ id: `file://${path}`, value: new Uri(path) }));
    const history = this.results.map((result) => new ChatResponseTurn(result));
    const request = { command, prompt, references };
    const result = await this.participant.ask(
      request as never,
      { history } as never,
      written as never,
      token as never,
    );
    this.results.push(result);
    return written;
  }

  /** Presses a button under an answer. */
  async press({ buttons }: Pick<Written, 'buttons'>, title: string): Promise<void> {
    const button = buttons.find((one) => one.title === title);
    await this.participant.buttons.press(button?.arguments[0]);
  }

  /** What may be asked next. */
  followUps(): string[] {
    return this.participant.followUps(this.results.at(-1) as never).map(({ prompt }) => prompt);
  }

  /** As after a new window: what is known of answers is what VS Code has kept. */
  get kept(): unknown[] {
    return JSON.parse(JSON.stringify(this.results)) as unknown[];
  }

  private services(): object {
    const { client, lastAnswer } = this;
    const clients = {
      current: client,
      connection: {
        address: client.address,
        ownAddress: true,
        ownHeaders: [],
        workspaceHeaders: [],
      },
      thinkSupport: { hasRefused: () => false },
      use: async (work: (client: OllamaClient) => Promise<unknown>) => work(client),
    };
    const quiet = { begin() {}, onEvent() {}, end() {} };
    return {
      clients,
      lastAnswer,
      queue: new GenerationQueue(
        clients as never,
        new Priorities(),
        quiet,
        () => undefined,
        (_, error) => {
          throw error;
        },
      ),
      configuration: { current: { models: {}, think: 'auto', answerLanguage: undefined } },
      monitor: { facts: { installed: [] }, reportSuccess() {}, reportFailure() {} },
      trust: { approvals: { covers: () => this.isApproved, give: async () => undefined } },
      usage: { note() {} },
      speeds: { note() {} },
      walkthroughProgress: { explained() {} },
    };
  }
}

/** What the participant has written into the chat. */
export class Written {
  text = '';
  readonly progressed: string[] = [];
  readonly referenced: unknown[] = [];
  readonly buttons: { title: string; arguments: unknown[] }[] = [];
  onText = (): void => undefined;

  readonly markdown = (text: string): void => {
    this.text += text;
    this.onText();
  };
  readonly progress = (text: string): void => void this.progressed.push(text);
  readonly reference = (value: unknown): void => void this.referenced.push(value);
  readonly button = (button: { title: string; arguments: unknown[] }): void => void this.buttons.push(button);

  get titles(): string[] {
    return this.buttons.map(({ title }) => title);
  }
}
