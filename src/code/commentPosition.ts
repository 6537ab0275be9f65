import type { DocStyle } from './docCommentStyles.ts';
import type { SymbolRange } from './outline.ts';

/** A file's text as it is and as code alone. */
export interface Source {
  lines: string[];
  masked: string[];
  languageId: string;
  style: DocStyle;
  /** One step of indentation. */
  unit: string;
}

/** Where the comment of a declaration goes. Lines and characters are counted from 0. */
export interface CommentPosition {
  style: DocStyle;
  /** What the comment takes the place of; empty where there is none yet. */
  start: SymbolRange;
  end: SymbolRange;
  /** There is a comment, which is not thrown away unasked. */
  replaces: boolean;
  /** What is written around the lines of the comment. */
  before: string;
  after: string;
  /** The blanks before every line of it. */
  indent: string;
}

/** Why a comment has no place. */
export type NoCommentPosition = 'inLine' | 'inStatement';

/** The blanks that a line begins with. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)![0];
}
