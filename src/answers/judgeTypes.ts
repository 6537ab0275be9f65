import type { TextChange } from '../code/reanchor.ts';
import type { CharacterChanges } from '../text/invisibleChars.ts';
import type { ReplacedCode, Unusable } from './codeAnswer.ts';
import type { Entry, Outlined } from './judgeEntries.ts';

/** The code to replace and its position. */
export interface JudgedPlace extends ReplacedCode {
  /** Offsets of `replaced` in `fileText`. */
  start: number;
  end: number;
}

/**
 * Why an answer with code is not proposed:
 * - `patch`: it is a patch, not new code;
 * - `incomplete`: the code ends too early;
 * - `other`: it is not a new version of the subject;
 * - `part`: it is only a part, and its position, or what happens to the rest, is not certain;
 * - `more`: it is more than the subject, and the change to the subject cannot be separated;
 * - `twice`: a name would be declared twice.
 */
export type Misfit = 'patch' | 'incomplete' | 'other' | 'part' | 'more' | 'twice';

/** Every reason not to propose an answer. */
export type Refusal = Unusable | Misfit;

/** Effects of a change that the user should know before accepting it. */
export interface ChangeEffect {
  removes: string[];
  adds: string[];
  /** Lines that are removed, when the declarations in them are unknown. */
  lines?: { lost: number; total: number } | undefined;
  /** Whether the answer changes more than the subject. Those changes are left out. */
  isRestricted: boolean;
}

export type Judgment =
  | ({ changes: TextChange[]; characters?: CharacterChanges } & ChangeEffect)
  | { unusable: Refusal; names?: string[] };

/** Code of an answer, and the language tag of its block. */
export interface JudgedCode {
  code: string;
  tag: string;
}

/** The change for an answer of some shape. */
export type Placement =
  | {
      changes: TextChange[];
      isRestricted?: boolean;
      /** Whether it only replaces declarations, so that it cannot remove any. */
      isPart?: boolean;
    }
  | { unusable: Refusal };

/**
 * Everything for one judgment. All texts have `
 * ` as line break.
 */
export interface Case {
  code: string;
  place: JudgedPlace;
  file: Outlined;
  answer: Outlined;
  /** The declarations to replace. */
  inside: Entry[];
  /** The declarations around the subject, outermost first. */
  around: Entry[];
}
