import type { TextChange } from '../code/reanchor.ts';
import type { CharacterChanges } from '../text/invisibleChars.ts';
import type { ReplacedCode, Unusable } from './codeAnswer.ts';
import type { Entry, Outlined } from './judgeEntries.ts';

/** The code that is to be replaced, and where it is. */
export interface JudgedPlace extends ReplacedCode {
  /** Offsets of `replaced` in `fileText`. */
  start: number;
  end: number;
}

/**
 * Why an answer is not proposed, though it has code:
 * - `patch`: it is one, not new code;
 * - `incomplete`: the code ends in the midst of something;
 * - `other`: it is no new version of what was asked about;
 * - `part`: it is only a part, and where that belongs, or what becomes of the rest, is not certain;
 * - `more`: it is more than what was asked about, and the change to that cannot be told from the others;
 * - `twice`: something would be declared twice.
 */
export type Misfit = 'patch' | 'incomplete' | 'other' | 'part' | 'more' | 'twice';

/** Every reason not to propose an answer. */
export type Refusal = Unusable | Misfit;

/** What a change does that the user should know before it is made. */
export interface ChangeEffect {
  removes: string[];
  adds: string[];
  /** Lines that are gone, where nothing tells what they declare. */
  lines?: { lost: number; total: number } | undefined;
  /** The answer changes more than what was asked about; that is left out. */
  isRestricted: boolean;
}

export type Judgment =
  | ({ changes: TextChange[]; characters?: CharacterChanges } & ChangeEffect)
  | { unusable: Refusal; names?: string[] };

/** Code of an answer, and the tag of its block. */
export interface JudgedCode {
  code: string;
  tag: string;
}

/** What a shape of answer leads to. */
export type Placement =
  | {
      changes: TextChange[];
      isRestricted?: boolean;
      /** It puts declarations in the places of old ones, so it cannot remove any. */
      isPart?: boolean;
    }
  | { unusable: Refusal };

/** All that a judgment needs; every text with plain line feeds. */
export interface Case {
  code: string;
  place: JudgedPlace;
  file: Outlined;
  answer: Outlined;
  /** Declarations that are replaced. */
  inside: Entry[];
  /** The declarations around the place, outermost first. */
  around: Entry[];
}
