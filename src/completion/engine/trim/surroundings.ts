import type { LexerRules } from '../../../code/lexers.ts';
import { isProse, lexerRulesOf, maskedCode } from '../languages.ts';
import { openBrackets, spareClosers, type OpenBracket } from './brackets.ts';
import { indentationOf } from './lines.ts';

export interface TrimContext {
  prefix: string;
  suffix: string;
  languageId: string;
  /** Requested explicitly: several lines are welcome at any cursor position. */
  multiline: boolean;
}

/**
 * Characters examined on each side: enough for the function around the cursor, and fast enough for every key.
 */
const maxBefore = 4_000;
const maxAfter = 3_000;

/** A character at the cursor that is part of no word, string prefix or flag of a regular expression. */
const probe = '\u00a7';

/** The text around the cursor, prepared for the filters. Lines end with a line feed alone. */
export interface Surroundings {
  languageId: string;
  multiline: boolean;
  rules: LexerRules;
  prose: boolean;
  eol: '\n' | '\r\n';
  before: string;
  after: string;
  /** The cursor's line before and after the cursor. */
  linePrefix: string;
  restOfLine: string;
  /** The line before the cursor with blank comments and strings. */
  maskedLine: string;
  indentation: string;
  /** Lines with text above and below the cursor's line, nearest first. */
  above: string[];
  below: string[];
  place: 'code' | 'string' | 'comment';
  /** Brackets open at the cursor, innermost last. */
  open: OpenBracket[];
  /** Brackets after the cursor on its line that close nothing before it: the answer may open them. */
  spareClosers: number;
  /** Whether the lines below have such brackets. */
  spareBelow: boolean;
  /** Cached results of {@link maskOf}. */
  masks: Map<string, string>;
  /**
   * The text that must be read first to recognize code in a later one: the cursor's line, or everything
   * before.
   */
  maskedFrom: string;
}

export function surroundingsOf({ prefix, suffix, languageId, multiline }: TrimContext): Surroundings {
  const rules = lexerRulesOf(languageId);
  const before = tailOf(prefix, languageId);
  const after = headOf(suffix);
  const start = before.length < prefix.length ? declarationStart(before) : 0;
  const unread = before.slice(0, start).replaceAll(/[^\n]/g, ' ');
  const masked = unread + maskedCode(`${before.slice(start)}${probe}${after.text}`, languageId);
  const linePrefix = before.slice(before.lastIndexOf('\n') + 1);
  const { open, spareBelow } = openBrackets(before, masked, after);
  const restOfLine = after.text.split('\n', 1)[0]!;
  return {
    languageId,
    multiline,
    rules,
    prose: isProse(languageId),
    eol: eolOf(prefix, suffix),
    before,
    after: after.text,
    linePrefix,
    restOfLine,
    maskedLine: masked.slice(before.length - linePrefix.length, before.length),
    indentation: indentationOf(linePrefix),
    above: withText(before.slice(0, before.length - linePrefix.length).split('\n')).toReversed(),
    below: withText(after.text.slice(restOfLine.length).split('\n')),
    place: placeAt(masked, before.length),
    open,
    spareBelow,
    spareClosers: spareClosers(open, masked.slice(before.length + 1).split('\n', 1)[0]!),
    masks: new Map(),
    maskedFrom: lineStandsAlone(before, linePrefix, masked, languageId) ? linePrefix : before.slice(start),
  };
}

/** Whether the position after a text is code, a string or a comment. */
export function placeBehind(around: Surroundings, text: string): Surroundings['place'] {
  return placeAt(maskOf(text + probe, around), text.length);
}

const declaration =
  /^(?:export|import|async|function|class|interface|type|enum|const|let|var|def|fn|pub|impl|struct|func|package|public|private|protected|internal|static|abstract|final|module|namespace|using|fun|object|trait)\b|^@\w/;

/**
 * The last declaration at the margin, for a text whose beginning is missing: that could be inside a string or a
 * comment. 0 when there is none.
 */
function declarationStart(text: string): number {
  for (let at = text.lastIndexOf('\n\n'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('\n\n', at - 1)) {
    const line = at + 2;
    if (declaration.test(text.slice(line, line + 20))) return line;
  }
  return 0;
}

/** Code in a string continues as a string after its bracket is closed. */
const interpolation = /[$#\\][({]|\{(?=[^{}\n]*$)/;

/** Whether the cursor's line starts in code, so that nothing before it affects its strings and comments. */
function lineStandsAlone(before: string, linePrefix: string, masked: string, languageId: string): boolean {
  if (interpolation.test(before)) return false;
  const start = before.length - linePrefix.length;
  return maskedCode(linePrefix + probe, languageId) === masked.slice(start, before.length + 1);
}

/** A suggestion with blank comments and strings, read from its position. */
export function maskOf(text: string, { maskedFrom, languageId, masks }: Surroundings): string {
  const known = masks.get(text);
  if (known !== undefined) return known;
  const masked = maskedCode(maskedFrom + text, languageId).slice(maskedFrom.length);
  masks.set(text, masked);
  return masked;
}

function placeAt(masked: string, at: number): Surroundings['place'] {
  return masked[at] === probe ? 'code' : masked[at] === '"' ? 'string' : 'comment';
}

/** The end of the text, from the start of a line; in PHP from the last start of code. */
function tailOf(prefix: string, languageId: string): string {
  let tail = prefix.slice(-maxBefore);
  if (tail.length < prefix.length && prefix.at(-maxBefore - 1) !== '\n')
    tail = tail.slice(tail.indexOf('\n') + 1);
  if (languageId === 'php') tail = tail.slice(Math.max(0, tail.lastIndexOf('<?')));
  return tail.replaceAll('\r\n', '\n');
}

function headOf(suffix: string): { text: string; whole: boolean } {
  return { text: suffix.slice(0, maxAfter).replaceAll('\r\n', '\n'), whole: suffix.length <= maxAfter };
}

function eolOf(prefix: string, suffix: string): '\n' | '\r\n' {
  const [last, next] = [prefix.lastIndexOf('\n'), suffix.indexOf('\n')];
  const crlf = last >= 0 ? prefix[last - 1] === '\r' : next > 0 && suffix[next - 1] === '\r';
  return crlf ? '\r\n' : '\n';
}

function withText(lines: string[]): string[] {
  return lines.filter((line) => line.trim() !== '');
}
