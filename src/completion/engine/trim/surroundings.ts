import type { LexerRules } from '../../../code/lexers.ts';
import { isProse, lexerRulesOf, maskedCode } from '../languages.ts';
import { openBrackets, spareClosers, type OpenBracket } from './brackets.ts';
import { indentationOf } from './lines.ts';

export interface TrimContext {
  prefix: string;
  suffix: string;
  languageId: string;
  /** Asked for by hand: more than one line is welcome wherever the cursor is. */
  multiline: boolean;
}

/** So much is looked at on each side: enough for the function around the cursor, and little work at a key. */
const maxBefore = 4_000;
const maxAfter = 3_000;

/** What stands around the cursor, seen as the filters need it. Lines end with `\n` here. */
export interface Surroundings {
  languageId: string;
  multiline: boolean;
  rules: LexerRules;
  prose: boolean;
  eol: '\n' | '\r\n';
  before: string;
  after: string;
  /** Of the cursor's line, before the cursor and behind it. */
  linePrefix: string;
  restOfLine: string;
  indentation: string;
  /** Lines with text above and below the cursor's, nearest first. */
  above: string[];
  below: string[];
  place: 'code' | 'string' | 'comment';
  /** Brackets open at the cursor, innermost last. */
  open: OpenBracket[];
  /** Brackets behind the cursor in its line that close nothing before it: the answer may open them. */
  spareClosers: number;
  /** The same for the lines below. */
  spareBelow: boolean;
  /** What {@link maskOf} has found out. */
  masks: Map<string, string>;
}

export function surroundingsOf({ prefix, suffix, languageId, multiline }: TrimContext): Surroundings {
  const rules = lexerRulesOf(languageId);
  const before = tailOf(prefix, languageId);
  const after = headOf(suffix);
  const masked = maskedCode(`${before}x${after.text}`, languageId);
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
    indentation: indentationOf(linePrefix),
    above: withText(before.slice(0, before.length - linePrefix.length).split('\n')).toReversed(),
    below: withText(after.text.slice(restOfLine.length).split('\n')),
    place: placeAt(masked, before.length),
    open,
    spareBelow,
    spareClosers: spareClosers(open, masked.slice(before.length + 1).split('\n', 1)[0]!),
    masks: new Map(),
  };
}

/** What the place behind a text is: code, a string or a comment. */
export function placeBehind(around: Surroundings, text: string): Surroundings['place'] {
  return placeAt(maskOf(`${text}x`, around), text.length);
}

/** A suggestion with its comments and strings blanked, seen from where it stands. */
export function maskOf(text: string, { before, languageId, masks }: Surroundings): string {
  const known = masks.get(text);
  if (known !== undefined) return known;
  const masked = maskedCode(before + text, languageId).slice(before.length);
  masks.set(text, masked);
  return masked;
}

function placeAt(masked: string, at: number): Surroundings['place'] {
  return masked[at] === 'x' ? 'code' : masked[at] === '"' ? 'string' : 'comment';
}

/** The end of the text, from the beginning of a line; in PHP from the last place where its code begins. */
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
