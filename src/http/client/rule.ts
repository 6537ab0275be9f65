import { OllamaError, OllamaModelError, type ErrorDetails, type ErrorKind } from '../errors.ts';
import { isFields } from '../json.ts';
import type { LocalizableMessage } from '../message.ts';
import { cleanServerText, withoutSecrets } from '../serverText.ts';
import type { FailedResponse } from '../transport.ts';

export type Maker = (failed: FailedResponse, text: string, details: ErrorDetails) => OllamaError;

/** A rule: which responses match, and which error they become. `text` is the server's innermost message. */
export interface Rule {
  when: (failed: FailedResponse, text: string) => boolean;
  kind: ErrorKind;
  make: Maker;
  /** The server's text is added to the sentence if it matches this and says more. */
  quote?: RegExp;
}

export const says = (pattern: RegExp) => (_: FailedResponse, text: string) => pattern.test(text);
export const hasStatus =
  (...statuses: number[]) =>
  (failed: FailedResponse) =>
    statuses.includes(failed.status ?? 0);
export const genericError =
  (sentence: (failed: FailedResponse, text: string) => LocalizableMessage): Maker =>
  (failed, text, details) =>
    new OllamaError(sentence(failed, text), details);
export const modelError =
  (sentence: (failed: FailedResponse, text: string) => LocalizableMessage): Maker =>
  (failed, text, details) =>
    new OllamaModelError(sentence(failed, text), details);

/** A server's text on one line, cut to `most` characters. */
export function brief(text: string, most = 200): string {
  return withoutSecrets(cleanServerText(text, most)) || 'no text';
}

/** Parses a JSON object; `undefined` for anything else. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
