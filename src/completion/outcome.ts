import type { OllamaError } from '../ollama/index.ts';

/** Why there is no suggestion at a place. */
export type Reason =
  // What the user has decided.
  | 'off'
  | 'paused'
  | 'untrusted'
  | 'editorOff'
  | 'language'
  // What the document is.
  | 'noEditor'
  | 'notCode'
  | 'secret'
  | 'ignored'
  | 'excluded'
  // Where the cursor is.
  | 'cursors'
  | 'middleOfLine'
  | 'tokens'
  // What the server is and does.
  | 'notApproved'
  | 'offline'
  | 'noModel'
  | 'notInstalled'
  | 'noInfill'
  | 'rereads'
  | 'busy'
  | 'failed'
  // What came.
  | 'nothing'
  | 'cancelled';

/** What became of one wish for a suggestion. */
export type Outcome =
  | { kind: 'shown'; text: string; isKnown: boolean }
  /** `detail`: the model or the language that the reason is about. */
  | { kind: 'none'; reason: Reason; detail?: string; error?: OllamaError };

export function none(reason: Reason, detail?: string): Outcome & { kind: 'none' } {
  return { kind: 'none', reason, ...(detail === undefined ? {} : { detail }) };
}

/** Thrown where a suggestion cannot be made; what it says is for the user to ask for, not to be told. */
export class NoSuggestionError extends Error {
  override readonly name = 'NoSuggestionError';
  readonly outcome: Outcome & { kind: 'none' };

  constructor(reason: Reason, detail?: string) {
    super(`no suggestion: ${reason}`);
    this.outcome = none(reason, detail);
  }
}
