import type { OllamaError } from '../ollama/index.ts';

/** Why there is no suggestion at a position. */
export type Reason =
  // The user's decisions.
  | 'off'
  | 'paused'
  | 'untrusted'
  | 'editorOff'
  | 'language'
  // The document.
  | 'noEditor'
  | 'notCode'
  | 'secret'
  | 'ignored'
  | 'excluded'
  // The cursor.
  | 'cursors'
  | 'middleOfLine'
  | 'tokens'
  // The server.
  | 'notApproved'
  | 'offline'
  | 'noModel'
  | 'notInstalled'
  | 'noInfill'
  | 'rereads'
  | 'busy'
  | 'failed'
  // The answer.
  | 'nothing'
  | 'cancelled';

/** The outcome of a request for a suggestion. */
export type Outcome =
  | { kind: 'shown'; text: string; isKnown: boolean }
  /** `detail`: the model or language of the reason. */
  | { kind: 'none'; reason: Reason; detail?: string; error?: OllamaError };

export function none(reason: Reason, detail?: string): Outcome & { kind: 'none' } {
  return { kind: 'none', reason, ...(detail === undefined ? {} : { detail }) };
}

/** Thrown when there can be no suggestion. Its message is shown only on request. */
export class NoSuggestionError extends Error {
  override readonly name = 'NoSuggestionError';
  readonly outcome: Outcome & { kind: 'none' };

  constructor(reason: Reason, detail?: string) {
    super(`no suggestion: ${reason}`);
    this.outcome = none(reason, detail);
  }
}
