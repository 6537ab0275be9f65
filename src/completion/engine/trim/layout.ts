import { cleanCharacters } from '../../../text/invisibleChars.ts';
import { unitOf, withSpaces, withTabs } from '../../../code/indentation.ts';
import { closesBlock, depthOf, indentationOf, isBlank, tabWidth } from './lines.ts';
import { maskOf, type Surroundings } from './surroundings.ts';
import { closersIn, openIn } from './brackets.ts';

/** Most lines of a suggestion. More would take noticeably long. */
const maxLines = 64;
const maxLength = 4_000;
const maxLineLength = 500;
/** Control characters, and characters that make text look different from what it is. */
const hidden = /(?![\t\n\f])[\p{Cc}\u202a-\u202e\u2066-\u2069\ufffd]/u;

export function withPlainBreaks(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').replace(/^\ufeff/, '');
}

/**
 * The text up to the first line with control characters. Invisible characters and unusual spaces that the
 * file does not have are removed and replaced.
 */
export function withoutHidden(text: string, { before, after }: Surroundings): string {
  const whole = text.toWellFormed();
  const at = whole.search(hidden);
  return cleanCharacters(at < 0 ? whole : untilLine(whole, at), before + after).text;
}

/** As many whole lines as may be shown. */
export function limited(text: string): string {
  const lines = text.slice(0, maxLength + 1).split('\n');
  if (text.length > maxLength) lines.pop();
  const tooLong = lines.findIndex((line) => line.length > maxLineLength);
  return lines.slice(0, Math.min(maxLines, tooLong < 0 ? maxLines : tooLong)).join('\n');
}

function untilLine(text: string, at: number): string {
  return text.slice(0, Math.max(0, text.lastIndexOf('\n', at)));
}

/** The share of indented lines that shows the style. Others are in strings and comments. */
const mostLines = 0.85;

/** What nearly all lines use: a few may be aligned, or in a string. */
export function usualStyle(lines: readonly string[]): 'tabs' | 'blanks' | undefined {
  const indented = lines.filter(
    (line) => !isBlank(line) && /^(?:\t| {2})/.test(line) && !/^\s*\*/.test(line),
  );
  const tabbed = indented.filter((line) => line.startsWith('\t')).length / indented.length;
  if (indented.length === 0) return undefined;
  return tabbed >= mostLines ? 'tabs' : tabbed <= 1 - mostLines ? 'blanks' : undefined;
}

/** Replaces tabs or spaces at the start of lines by what the file uses. */
export function inFileStyle(text: string, { above, below, linePrefix, place }: Surroundings): string {
  const file = [...above, linePrefix, ...below].filter((line) => !isBlank(line) || line === linePrefix);
  const style =
    usualStyle(file) ?? (isBlank(linePrefix) && linePrefix !== '' ? onlyStyle(linePrefix) : undefined);
  // The text of a string may have spaces in any file.
  if (place === 'string' && style === 'tabs') return text;
  const lines = text.split('\n');
  const first = isBlank(linePrefix) ? [] : lines.splice(0, 1);
  const shown =
    style === 'tabs'
      ? withTabs(lines, levelIn(text, linePrefix) ?? tabUnit(lines))
      : style
        ? withSpaces(lines, unitOfFile(file, above[0]))
        : lines;
  return [...first, ...shown].join('\n');
}

/** The cursor's line may be the only one that shows it. */
function unitOfFile(file: string[], above = ''): number {
  const isKnown = file.some((line) => !isBlank(line) && depthOf(line) > 0);
  const own = depthOf(file.find(isBlank) ?? '') - depthOf(above);
  return !isKnown && own > 0 && opensBlock(above) ? own : unitOf(file);
}

function onlyStyle(indentation: string): 'tabs' | 'blanks' | undefined {
  return /^\t+$/.test(indentation) ? 'tabs' : /^ +$/.test(indentation) ? 'blanks' : undefined;
}

/** Spaces of a level, from the first indented statement, whose level the cursor's line shows. */
function levelIn(text: string, linePrefix: string): number | undefined {
  const [first = '', ...lines] = text.split('\n');
  const rest = lines.filter((line) => !isBlank(line));
  const spaces = /^ +(?=[\p{L}_$@"'`])/u.exec(rest[0] ?? '')?.[0].length ?? 0;
  const opens = opensBlock(linePrefix + first);
  // The end of the block that the first line opens has that line's level, which may be the margin.
  const end = opens ? rest.find((line) => depthOf(line) < spaces) : undefined;
  const tabs = /^\t*/.exec(linePrefix)![0].length + (opens ? 1 : 0);
  const unit = end === undefined ? spaces / tabs : spaces - depthOf(end);
  const isUnit = [2, 3, 4, 8].includes(unit) && rest.every((line) => depthOf(line) % unit === 0);
  return isUnit ? unit : undefined;
}

/** If all lines are indented far, a level is two to four spaces. */
function tabUnit(lines: string[]): number {
  const unit = unitOf(lines);
  return unit <= 4 ? unit : unit % 4 === 0 ? 4 : 2;
}

/** Not a range, a shell's `!`, or `=~`. */
const noSpaceAfter = /(?:(?<![.\s])\.|(?<!\[\s*)!|(?<!=)~|[([])$/;

/**
 * Makes the first line start at the cursor: removes repeated indentation, empty lines before it, and an extra
 * space after a space or in an empty line.
 */
export function fromCursor(text: string, around: Surroundings): string {
  const { linePrefix, place, prose } = around;
  if (isBlank(linePrefix)) return onBlankLine(text, around);
  if (text.startsWith('\n')) return text.replace(/^(?:[ \t]*\n)+/, '\n');
  if (/^[ \t]{2,}\S/.test(text) && (place !== 'code' || /\S\s{2,}$/.test(linePrefix))) return text;
  const doubled = /\s$/.test(linePrefix) || (place === 'code' && !prose && noSpaceAfter.test(linePrefix));
  return doubled && !isPadded(text, around) ? text.replace(/^[ \t]+(?=\S)/, '') : text;
}

/** Whether the code writes spaces inside brackets. */
function isPadded(text: string, { linePrefix, before }: Surroundings): boolean {
  const bracket = /[([]$/.exec(linePrefix)?.[0];
  return bracket !== undefined && (before.includes(`${bracket} `) || /^ .* [)\]]/.test(text));
}

function onBlankLine(text: string, around: Surroundings): string {
  const rest = text.replace(/^(?:[ \t]*\n)+/, '');
  const [line = ''] = rest.split('\n', 1);
  const own = indentationOf(line);
  if (own === '' || line === own) return rest;
  const base = depthOf(around.linePrefix);
  // The answer has the indentation of the cursor's line once more.
  const isInBlock = opensBlock(around.above[0] ?? '') && !/^\s*(?:case|default)\b.*:/.test(line);
  if (base > 0 && depthOf(own) === base && !isInBlock) return rest.slice(own.length);
  const missing = Math.max(0, expectedDepth(around) - base);
  if (base === 0 && own.length > 1) return rest;
  let kept = own.length;
  while (kept > 0 && depthOf(own.slice(0, kept)) > missing) kept -= 1;
  return own.slice(0, kept) + rest.slice(own.length);
}

/** The expected indentation of a statement after the line above. */
function expectedDepth({ above, linePrefix, below }: Surroundings): number {
  const previous = above[0];
  if (previous === undefined) return depthOf(linePrefix);
  if (!opensBlock(previous)) return depthOf(previous);
  if (depthOf(linePrefix) > depthOf(previous)) return depthOf(linePrefix);
  const unit = usualStyle([...above, ...below]) === 'tabs' ? tabWidth : unitOf([...above, ...below]);
  return depthOf(previous) + unit;
}

const voidTag = /<(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b[^<>]*>$/i;

/** Whether a line ends by opening a block. */
export function opensBlock(line: string): boolean {
  const text = line.trimEnd();
  if (/(?:[{([:]|=>|->|\b(?:then|do|else|begin|of|try|ensure|rescue)|\bdo\s*\|[^|]*\|)$/.test(text))
    return true;
  if (/<[a-z][\w.:-]*(?:\s(?:[^<>]|=>)*)?(?<![/=])>$/i.test(text))
    return !/<\/|=>$/.test(text) && !voidTag.test(text);
  return (
    /^\s*(?:def|class|module|unless|until|case|function|local function)\b[^{};]*$/.test(text) &&
    !/\bend$/.test(text)
  );
}

/** Languages in which the lines after a colon are always indented more. */
export const blocksByColon = new Set(['python', 'gdscript', 'starlark', 'bazel', 'nim', 'coffeescript']);

/** For an answer whose indentation starts at the cursor instead of at the margin. */
export function fromMargin(text: string, around: Surroundings): string {
  const base = depthOf(around.linePrefix);
  const [first = '', ...rest] = text.split('\n');
  if (!isBlank(around.linePrefix) || base === 0 || around.place !== 'code') return text;
  if (indentationOf(first) !== '') return text;
  if (!isRelative(first, rest, base, around)) return text;
  return [first, ...rest.map((line) => (isBlank(line) ? line : around.linePrefix + line))].join('\n');
}

function isRelative(first: string, rest: string[], base: number, around: Surroundings): boolean {
  const next = rest.find((line) => !isBlank(line));
  // A first line that closes a bracket has the indentation of that bracket.
  if (next === undefined || closersIn(maskOf(first, around)) > 0) return false;
  // Some write the cases at the level of their `switch`.
  if (/^\s*switch\b/.test(first) && /^\s*(?:case|default)\b/.test(next)) return false;
  // After a label, as in a `switch`, the next line may have the label's indentation.
  const isComment = isBlank(maskOf(first, around));
  const opens =
    !isComment &&
    opensBlock(first) &&
    (!first.trimEnd().endsWith(':') || blocksByColon.has(around.languageId));
  if (opens && depthOf(next) <= base && !closesBlock(next)) return true;
  const at = rest.findIndex((line) => !isBlank(line) && depthOf(line) < base);
  if (at < 0) return false;
  return openIn(maskOf([first, ...rest.slice(0, at)].join('\n'), around)) > 0;
}

/**
 * Removes spaces and empty lines at the end. Puts a bracket that the editor has closed on a separate line
 * again.
 */
export function withCleanEnd(text: string, { restOfLine, indentation, linePrefix }: Surroundings): string {
  const lines = text.split('\n').map((line) => (isBlank(line) ? '' : line));
  const whole = lines.join('\n').trimEnd();
  if (whole === '') return '';
  if (!isBlank(linePrefix) && whole.startsWith('\n') && /^\s*[)\]}]/.test(restOfLine))
    return `${whole}\n${indentation}`;
  const separated = /^\S/.test(restOfLine) && !text.trimEnd().includes('\n');
  return separated ? whole + /[ \t]*$/.exec(text)![0] : whole;
}
