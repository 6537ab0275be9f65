import type { DocStyle } from './docCommentStyles.ts';
import type { SymbolRange } from './outline.ts';

/** The lines of a file, and the same lines with only code in them. */
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
  /** The text that the comment replaces; empty when there is no comment yet. */
  start: SymbolRange;
  end: SymbolRange;
  /** Whether there is a comment, which must not be replaced without asking. */
  replaces: boolean;
  /** The text before and after the lines of the comment. */
  before: string;
  after: string;
  /** The white space before every line. */
  indent: string;
}

/** Why there is no place for a comment. */
export type NoCommentPosition = 'inLine' | 'inStatement';

/** The white space at the start of a line. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)![0];
}
