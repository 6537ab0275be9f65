import * as vscode from 'vscode';
import { section, type SettingName } from '../contributions.ts';
import { answerLanguageOf } from './answerLanguages.ts';
import { chatToolsChoices, type ChatToolsChoice } from './chatTools.ts';
import { problemSentence } from './customActionMessages.ts';
import { readCustomActions, type CustomAction } from './customActions.ts';
import { checkValue, settingSchemas, type SettingSchema, type UsableValue } from './settingSchema.ts';
import {
  checkSetting,
  defaultSettings,
  isFields,
  OllamaSettingsError,
  parseKeepAlive,
  type OllamaSettings,
} from '../ollama/index.ts';
import { serverTypeChoices, type ServerTypeChoice } from './serverTypes.ts';
import { ownSettings, type OwnSettings } from './ownSettings.ts';
import {
  readTaskModels,
  tasks,
  thinkChoices,
  type TaskModelProblem,
  type TaskModels,
  type ThinkChoice,
} from './tasks.ts';
import { folderInside, globsIn, textsIn } from './settingValues.ts';
import { localizeError, localize } from '../ui/localize.ts';

/** The extension's settings, validated. */
export interface Config {
  client: OllamaSettings;
  /** The server's protocol, or `auto`. */
  serverType: ServerTypeChoice;
  /** The user's own settings for where requests go. The effective ones may come from a workspace. */
  own: OwnSettings;
  /** The models of tasks that have their own. */
  models: TaskModels;
  /** Whether models think before they answer. */
  think: ThinkChoice;
  /** Whether to load the model when VS Code starts. */
  prewarm: boolean;
  /** Milliseconds between two probes of the server. */
  pollIntervalMs: number;
  /** The user's custom actions. */
  actions: readonly CustomAction[];
  /** The folder for documentation pages, relative to the workspace folder, with forward slashes. */
  pagesFolder: string;
  /** Globs of files that get no page, besides those excluded by VS Code's own settings. */
  pagesExclude: Readonly<Record<string, boolean>>;
  /** Most pages of a workspace written in parallel. */
  pagesParallel: number;
  /** Whether a run over a workspace pauses on battery. */
  pausePagesOnBattery: boolean;
  /** English name of the answer language; undefined for English. */
  answerLanguage: string | undefined;
  /** Whether the language follows VS Code instead of a choice by the user. */
  isAnswerLanguageAuto: boolean;
  /** The user's own instructions for commit messages. */
  commitInstructions: string;
  /** Which of VS Code's tools a request of its chat sends. */
  chatTools: ChatToolsChoice;
  /** Suggestions while typing. */
  completion: {
    enabled: boolean;
    /** Ids of the languages without suggestions. */
    languages: readonly string[];
    /** Empty: the model for questions, if it can infill. */
    model: string;
  };
}

/** An invalid setting. Its last valid value stays in effect. */
export interface SettingProblem {
  /** Full name, such as `codeworm.baseUrl`. */
  setting: string;
  /** One sentence. */
  message: string;
}

/** Applies a value. Throws when it is invalid; calls `tell` when only a part of it is. */
type Reader = (config: Config, value: unknown, tell: (message: string) => void) => Config;
const client =
  <K extends keyof OllamaSettings>(
    key: K,
    convert: (value: never) => OllamaSettings[K] = (value) => value,
  ): Reader =>
  (config, value) => {
    const converted = convert(value as never);
    checkSetting(key, converted);
    return { ...config, client: { ...config.client, [key]: converted } };
  };
const milliseconds = (seconds: unknown): number => (seconds as number) * 1000;

/** One reader per setting. Its values already match the manifest. */
const readers: Record<SettingName, Reader> = {
  baseUrl: client('baseUrl'),
  model: client('model', (value: string) => value.trim()),
  temperature: client('temperature'),
  numCtx: client('numCtx'),
  numPredict: client('numPredict'),
  keepAlive: client('keepAlive', (value: number | string | null) => parseKeepAlive(value)),
  models: (config, value, tell) => {
    if (!isFields(value)) throw new TypeError(vscode.l10n.t('must be an object of tasks and models'));
    const { models, problems } = readTaskModels(value);
    for (const problem of problems) tell(taskModelSentence(problem));
    return { ...config, models };
  },
  think: (config, value) => {
    const think = thinkChoices.find((choice) => choice === value);
    if (!think) throw new TypeError(vscode.l10n.t('must be one of {0}', thinkChoices.join(', ')));
    return { ...config, think };
  },
  serverType: (config, value) => {
    const serverType = serverTypeChoices.find((choice) => choice === value);
    if (!serverType) throw new TypeError(vscode.l10n.t('must be one of {0}', serverTypeChoices.join(', ')));
    return { ...config, serverType };
  },
  headers: client('headers'),
  connectTimeout: client('connectTimeoutMs', milliseconds),
  idleTimeout: client('idleTimeoutMs', milliseconds),
  prewarm: (config, value) => ({ ...config, prewarm: value === true }),
  pollInterval: (config, value) => ({ ...config, pollIntervalMs: milliseconds(value) }),
  actions: (config, value, tell) => {
    const { actions, problems } = readCustomActions(value as unknown[]);
    for (const problem of problems) tell(problemSentence(problem));
    return { ...config, actions };
  },
  answerLanguage: (config, value) => ({
    ...config,
    answerLanguage: answerLanguageOf(value),
    isAnswerLanguageAuto: value === 'auto',
  }),
  'commitMessage.instructions': (config, value) => ({ ...config, commitInstructions: value as string }),
  'chat.tools': (config, value) => ({
    ...config,
    chatTools: chatToolsChoices.find((choice) => choice === value) ?? 'auto',
  }),
  'completion.enabled': (config, value) => withCompletion(config, { enabled: value === true }),
  'completion.languages': (config, value) => withCompletion(config, { languages: textsIn(value) }),
  'completion.model': (config, value) => withCompletion(config, { model: (value as string).trim() }),
  'pages.exclude': (config, value) => ({ ...config, pagesExclude: globsIn(value) }),
  'pages.parallel': (config, value) => ({ ...config, pagesParallel: value as number }),
  'pages.pauseOnBattery': (config, value) => ({ ...config, pausePagesOnBattery: value === true }),
  'pages.folder': (config, value) => ({ ...config, pagesFolder: folderInside(value) }),
};

const initial: Config = {
  own: { baseUrl: defaultSettings.baseUrl, headers: {} },
  client: { ...defaultSettings, model: '', keepAlive: '30m', headers: {} },
  serverType: 'auto',
  models: {},
  think: 'auto',
  prewarm: true,
  pollIntervalMs: 10_000,
  actions: [],
  pagesFolder: 'docs/codeworm',
  pagesExclude: {},
  pagesParallel: 64,
  pausePagesOnBattery: true,
  answerLanguage: answerLanguageOf('auto'),
  isAnswerLanguageAuto: true,
  commitInstructions: '',
  chatTools: 'auto',
  completion: { enabled: false, languages: [], model: '' },
};

/** The effective settings: always valid, updated without a reload. */
export class Configuration implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Config>();
  private readonly foundProblem = new vscode.EventEmitter<SettingProblem>();
  private readonly subscription: vscode.Disposable;
  private readonly schemas: ReadonlyMap<string, SettingSchema>;
  private config = initial;
  private problems: SettingProblem[] = [];

  /** Fires when the settings have changed to another valid set. */
  readonly onDidChange = this.changed.event;
  /** Fires when a setting has been changed to an invalid value. */
  readonly onDidFindProblem = this.foundProblem.event;

  /** @param manifest package.json of this extension, which defines the valid values */
  constructor(manifest: unknown) {
    this.schemas = settingSchemas(manifest);
    this.subscription = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) this.reload();
    });
    this.read();
  }

  get current(): Config {
    return this.config;
  }

  /** Reports the problems found so far to listeners that were added later. */
  reportProblems(): void {
    for (const problem of this.problems) this.foundProblem.fire(problem);
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.changed, this.foundProblem).dispose();
  }

  private reload(): void {
    const before = JSON.stringify(this.config);
    const known = new Set(this.problems.map(({ message }) => message));
    this.read();
    for (const problem of this.problems) if (!known.has(problem.message)) this.foundProblem.fire(problem);
    if (JSON.stringify(this.config) !== before) this.changed.fire(this.config);
  }

  private read(): void {
    const values = vscode.workspace.getConfiguration(section);
    this.problems = [];
    for (const [name, reader] of Object.entries(readers))
      this.config = this.apply(name, reader, values.get(name));
    this.config = { ...this.config, own: ownSettings(values, this.config.own) };
  }

  /** The configuration with one more setting applied, or unchanged when that is invalid. */
  private apply(name: string, reader: Reader, value: unknown): Config {
    const setting = `${section}.${name}`;
    try {
      const checked = this.check(setting, value);
      return reader(this.config, checked, (message) => this.problems.push({ setting, message }));
    } catch (error) {
      const problem = error instanceof OllamaSettingsError ? localize(error.problem) : localizeError(error);
      const message = vscode.l10n.t(
        'The setting {0} {1}; the last usable value stays in effect.',
        setting,
        problem,
      );
      this.problems.push({ setting, message });
      return this.config;
    }
  }

  /**
   * The value, limited to the bounds in the manifest. A limited value is reported.
   * @throws Error when it is invalid
   */
  private check(setting: string, value: unknown): unknown {
    const checked = checkValue(this.schemas.get(setting), value);
    if ('problem' in checked) throw new Error(localize(checked.problem));
    if (checked.clamped) this.problems.push({ setting, message: clampedMessage(setting, checked) });
    return checked.value;
  }
}

function taskModelSentence({ entry, fault }: TaskModelProblem): string {
  const shown = entry.slice(0, 40);
  return fault === 'unknownTask'
    ? vscode.l10n.t(
        'The entry "{0}" of the setting codeworm.models is left out: there is no such task, only {1}.',
        shown,
        tasks.join(', '),
      )
    : vscode.l10n.t(
        'The entry "{0}" of the setting codeworm.models is left out: it is not the name of a model.',
        shown,
      );
}

function clampedMessage(setting: string, { value, clamped }: UsableValue): string {
  return vscode.l10n.t(
    'The setting {0} must be from {1} to {2}; {3} is used.',
    setting,
    String(clamped?.minimum),
    String(clamped?.maximum),
    String(value),
  );
}

function withCompletion(config: Config, change: Partial<Config['completion']>): Config {
  return { ...config, completion: { ...config.completion, ...change } };
}
