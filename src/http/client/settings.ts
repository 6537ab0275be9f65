import { validateHeaderName, validateHeaderValue } from 'node:http';
import { OllamaSettingsError } from '../errors.ts';
import { parseBaseUrl } from './serverUrl.ts';
import type { BaseUrl } from '../baseUrl.ts';
import type { Limits } from '../exchange.ts';
import { assertModelName, assertPlain } from './plainName.ts';
import { localizable, type LocalizableMessage } from '../message.ts';
import { isFields } from '../json.ts';

/** All settings of a client. They never change during its life. */
export interface OllamaSettings {
  /** The server's URL, or any form that `OLLAMA_HOST` supports (see {@link parseBaseUrl}). */
  baseUrl: string;
  /** Name of the model. Empty: a loaded one, else the most recently modified one that can answer. */
  model: string;
  /** Sampling temperature, from 0 (always the most likely token). `null`: the model's own value. */
  temperature: number | null;
  /** Size of the context window in tokens. */
  numCtx: number;
  /** Most tokens of an answer. 0: no limit; -1: the server's limit (10 x numCtx). */
  numPredict: number;
  /**
   * How long the model stays loaded after a request: seconds, or a Go duration such as `30m`. Negative:
   * forever. `null`: the server's value.
   */
  keepAlive: number | string | null;
  /** Extra request headers for gateways, such as `Authorization`. */
  headers?: Record<string, string>;
  /** Most milliseconds to establish a connection. */
  connectTimeoutMs: number;
  /** Most milliseconds without any byte after connecting. */
  idleTimeoutMs: number;
}

/** The default settings. The default model is `qwen2.5:7b`. */
export const defaultSettings: OllamaSettings = {
  baseUrl: 'http://localhost:11434',
  model: 'qwen2.5:7b',
  temperature: 0.3,
  numCtx: 16_384,
  numPredict: 4096,
  keepAlive: -1,
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 600_000,
};

const goDuration = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/**
 * Parses keep_alive: a number of seconds, a number as text (which the server itself would refuse with 400
 * `time: missing unit in duration`), or a duration with units in Go's syntax.
 * @throws OllamaSettingsError naming `keepAlive`
 */
export function parseKeepAlive(value: number | string | null): number | string | null {
  if (value === null) return null;
  const text = typeof value === 'string' ? value.trim() : value;
  if (typeof text === 'string' && /^[-+]?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (typeof text === 'string' ? goDuration.test(text) : Number.isFinite(text)) return text;
  throw new OllamaSettingsError(
    'keepAlive',
    localizable('is not a duration; write one such as 30m, a number of seconds, or -1 for "forever"'),
  );
}

/** Headers of the connection or the client, which a setting may not change. */
const reservedHeaders =
  /^(?:host|connection|content-length|content-type|transfer-encoding|upgrade|te|trailer|expect)$/i;

function checkHeaders(headers: unknown): void {
  if (headers === undefined) return;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    throw new OllamaSettingsError('headers', localizable('must be an object of names and values'));
  for (const [name, value] of Object.entries(headers)) {
    if (reservedHeaders.test(name))
      throw new OllamaSettingsError('headers', localizable('must not set "{0}"', name));
    if (!isValidHeader(name, value))
      throw new OllamaSettingsError(
        'headers',
        localizable('has an unusable name or value at "{0}"', name.slice(0, 40)),
      );
  }
}

function isValidHeader(name: string, value: unknown): boolean {
  try {
    validateHeaderName(name);
    if (typeof value !== 'string') return false;
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

type NumberRule = readonly [test: (value: number) => boolean, wants: LocalizableMessage];

const above0: NumberRule = [(n) => n > 0, localizable('must be a number of milliseconds above 0')];
const numberRules = {
  temperature: [(n) => n >= 0, localizable('must be a number from 0 up')],
  numCtx: [(n) => Number.isInteger(n) && n >= 1, localizable('must be a whole number of tokens from 1 up')],
  numPredict: [
    (n) => Number.isInteger(n) && n >= -2,
    localizable('must be a whole number of tokens from -2 up'),
  ],
  connectTimeoutMs: above0,
  idleTimeoutMs: above0,
} satisfies Record<string, NumberRule>;

function checkNumber(name: keyof typeof numberRules, value: unknown): void {
  const [test, wants]: NumberRule = numberRules[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || !test(value))
    throw new OllamaSettingsError(name, wants);
}

function checkModel(model: unknown): void {
  if (typeof model !== 'string')
    throw new OllamaSettingsError('model', localizable('must be the name of a model, or empty'));
  if (model !== '') assertModelName(model);
}

const checks: { readonly [K in keyof OllamaSettings]-?: (value: unknown) => void } = {
  baseUrl: (value) => parseBaseUrl(value as string),
  model: checkModel,
  temperature: (value) => value === null || checkNumber('temperature', value),
  numCtx: (value) => checkNumber('numCtx', value),
  numPredict: (value) => checkNumber('numPredict', value),
  connectTimeoutMs: (value) => checkNumber('connectTimeoutMs', value),
  idleTimeoutMs: (value) => checkNumber('idleTimeoutMs', value),
  keepAlive: (value) => parseKeepAlive(value as OllamaSettings['keepAlive']),
  headers: checkHeaders,
};

/**
 * Validates one setting.
 * @throws OllamaSettingsError naming it
 */
export function checkSetting(name: keyof OllamaSettings, value: unknown): void {
  checks[name](value);
}

/**
 * Validates all settings.
 * @throws OllamaSettingsError naming the first invalid setting
 */
export function checkSettings(settings: OllamaSettings): void {
  if (!isFields(settings)) throw new OllamaSettingsError('settings', localizable('must be an object'));
  for (const name of Object.keys(checks) as (keyof OllamaSettings)[]) checkSetting(name, settings[name]);
}

/** Settings in the form that a client uses. */
export interface ParsedSettings {
  settings: OllamaSettings;
  base: BaseUrl;
  headers: Record<string, string> | undefined;
  limits: Limits;
}

/**
 * Validates all settings once and converts them to the form that a client uses.
 * @param isNamePlain whether the model must have a name that is possible in Ollama
 * @throws OllamaSettingsError naming the first invalid setting
 */
export function parseSettings(settings: OllamaSettings, isNamePlain = false): ParsedSettings {
  if (isNamePlain && isFields(settings) && typeof settings.model === 'string' && settings.model !== '')
    assertPlain(settings.model);
  checkSettings(settings);
  return {
    settings: { ...settings, keepAlive: parseKeepAlive(settings.keepAlive) },
    base: parseBaseUrl(settings.baseUrl),
    headers: settings.headers,
    limits: { connectMs: settings.connectTimeoutMs, idleMs: settings.idleTimeoutMs },
  };
}
