import { opensBlock } from './engine/index.ts';

/** Where a suggestion is wanted, and the text around it. */
export interface Place {
  /** Names the document; the suggestions of different ones have nothing to do with each other. */
  document: string;
  /** Of the cursor, in the document. */
  offset: number;
  /** From a fixed line on, so that the beginning of a prompt stays the same while one types. */
  prefix: string;
  suffix: string;
  /** Relative to the workspace. */
  path: string;
  languageId: string;
  /** Asked for by a command, not by typing. */
  byHand: boolean;
  /**
   * What is chosen in the editor's list of completions, and the part of it that is in the document: the prefix ends
   * with the whole of it, and `offset` is where it begins.
   */
  selected?: { text: string; typed: string };
}

/** Lines that are read around the cursor, and characters where lines are long: no window of a prompt is larger. */
const linesBefore = 512;
const linesAfter = 96;
const charsAround = 60_000;

/**
 * The lines to read around the cursor's, the last one not included: more than any prompt needs. The first one stays the
 * same while one types, and what is left out below is counted from the end, so that a new line does not move it.
 */
export function linesAround(line: number, lineCount: number): { first: number; last: number } {
  const leftOut = (Math.floor((lineCount - line) / linesAfter) - 2) * linesAfter;
  const first = (Math.floor(line / linesBefore) - 1) * linesBefore;
  return { first: Math.max(0, first), last: lineCount - Math.max(0, leftOut) };
}

/** The same for texts with long lines, again in steps. */
export function boundedAround(prefix: string, suffix: string): { prefix: string; suffix: string } {
  return { prefix: prefix.slice(leftOut(prefix)), suffix: suffix.slice(0, suffix.length - leftOut(suffix)) };
}

/** So many characters are left out. */
function leftOut(text: string): number {
  return Math.max(0, (Math.floor(text.length / charsAround) - 1) * charsAround);
}

/** Only what closes something may follow in the line: elsewhere a suggestion would be in the way. */
const onlyClosers = /^[\s)\]}>;,:"'`]*$/;

/** Whether text follows in the cursor's line that a suggestion would be in the way of. */
export function isMiddleOfLine({ suffix }: Pick<Place, 'suffix'>): boolean {
  return !onlyClosers.test(lineBefore(suffix));
}

/** Whether more than the rest of the line is asked for. */
export function wantsLines({ prefix, suffix, byHand }: Place): boolean {
  const line = prefix.slice(prefix.lastIndexOf('\n') + 1);
  if (byHand) return true;
  if (line.trim() === '') return lineBefore(suffix).trim() === '';
  return !isMiddleOfLine({ suffix }) && opensBlock(line);
}

function lineBefore(suffix: string): string {
  return suffix.split(/\r?\n/, 1)[0]!;
}
