import { opensBlock } from './engine/index.ts';

/** The position for a suggestion, and the text around it. */
export interface Place {
  /** Identifies the document. Suggestions of different documents are independent. */
  document: string;
  /** Offset of the cursor in the document. */
  offset: number;
  /** Starts at a fixed line, so that the beginning of a prompt stays the same while the user types. */
  prefix: string;
  suffix: string;
  /** Relative to the workspace. */
  path: string;
  languageId: string;
  /** Requested by a command, not by typing. */
  byHand: boolean;
  /**
   * The selected entry of the editor's completion list, and the part of it that is in the document: the
   * prefix ends with the whole entry, and `offset` is where it starts.
   */
  selected?: { text: string; typed: string };
}

/** Lines read around the cursor, and characters for long lines. No prompt needs more. */
const linesBefore = 512;
const linesAfter = 96;
const charsAround = 60_000;

/**
 * The lines to read around the cursor's line, the last one excluded: more than any prompt needs. The first
 * one stays the same while the user types. The omitted lines below are counted from the end, so that a new
 * line does not move the limit.
 */
export function linesAround(line: number, lineCount: number): { first: number; last: number } {
  const leftOut = (Math.floor((lineCount - line) / linesAfter) - 2) * linesAfter;
  const first = (Math.floor(line / linesBefore) - 1) * linesBefore;
  return { first: Math.max(0, first), last: lineCount - Math.max(0, leftOut) };
}

/** The same for texts with long lines, also in steps. */
export function boundedAround(prefix: string, suffix: string): { prefix: string; suffix: string } {
  return { prefix: prefix.slice(leftOut(prefix)), suffix: suffix.slice(0, suffix.length - leftOut(suffix)) };
}

/** Number of characters to omit. */
function leftOut(text: string): number {
  return Math.max(0, (Math.floor(text.length / charsAround) - 1) * charsAround);
}

/** Only closing characters may follow on the line; elsewhere a suggestion would disturb. */
const onlyClosers = /^[\s)\]}>;,:"'`]*$/;

/** Whether text after the cursor on its line makes a suggestion unwanted. */
export function isMiddleOfLine({ suffix }: Pick<Place, 'suffix'>): boolean {
  return !onlyClosers.test(lineBefore(suffix));
}

/** Whether more than the rest of the line is wanted. */
export function wantsLines({ prefix, suffix, byHand }: Place): boolean {
  const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
  if (byHand) return true;
  if (line.trim() === '') return lineBefore(suffix).trim() === '';
  return !isMiddleOfLine({ suffix }) && opensBlock(line);
}

function lineBefore(suffix: string): string {
  const end = suffix.indexOf('\n');
  return end < 0 ? suffix : suffix.slice(0, end).replace(/\r$/, '');
}
