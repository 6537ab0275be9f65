import { linesOf } from '../text/markdown.ts';

/** Where code is placed. */
export interface Fitting {
  /** The code to replace. */
  replaced: string;
  /** The text before it on its first line. */
  before: string;
  fileText: string;
}

/** Continuation lines of a block comment have one extra space, which says nothing about the code. */
const commentLine = /^[ \t]* \*/;
const leading = /^[ \t]*/;
/** Spaces per level when the file does not show them. */
const usualUnit = 4;

/**
 * Gives new code the indentation of the code it replaces, whether it has that indentation already, has none,
 * or lacks it only in the first line. Tabs and spaces become what the file uses.
 * @param code lines that end with a line feed alone
 */
export function fitIndentation(code: string, { replaced, before, fileText }: Fitting): string {
  const lines = inStyleOf(fileText, code.split('\n'));
  if (before.trim() !== '') return insideLine(lines, linesOf(replaced), before).join('\n');
  const whole = wholeLines(lines, linesOf(before + replaced)).join('\n');
  return whole.startsWith(before) ? whole.slice(before.length) : whole.trimStart();
}

/** For code that starts inside a line: indents only the lines after the first. */
function insideLine(
  [first = '', ...rest]: string[],
  [old = '', ...oldRest]: string[],
  before: string,
): string[] {
  const target = oldRest.some(isText) ? common(oldRest) : leading.exec(before)![0];
  return [leading.exec(old)![0] + first.trimStart(), ...shifted(rest, target)];
}

function wholeLines(lines: string[], old: string[]): string[] {
  const first = lines.findIndex(isText);
  return isRagged(lines, old)
    ? lines.map((line, at) => (at === first ? indentationOfFirst(old) + line : line))
    : shifted(lines, common(old));
}

/** Whether only the first line lacks the indentation, as models often write it. */
function isRagged(lines: string[], old: string[]): boolean {
  const [rest, oldRest] = [afterFirst(lines), afterFirst(old)];
  return (
    rest.length > 0 &&
    oldRest.length > 0 &&
    indentationOfFirst(lines) === '' &&
    indentationOfFirst(old) !== '' &&
    common(rest) === common(oldRest)
  );
}

function shifted(lines: string[], target: string): string[] {
  const given = common(lines);
  if (given === target) return lines;
  return lines.map((line) => (isText(line) ? target + line.slice(given.length) : ''));
}

function isText(line: string): boolean {
  return line.trim() !== '';
}

function indentationOfFirst(lines: string[]): string {
  return leading.exec(lines.find(isText) ?? '')![0];
}

function afterFirst(lines: string[]): string[] {
  return lines.filter(isText).slice(1);
}

/** The spaces and tabs that all lines start with. */
function common(lines: string[]): string {
  let shared: string | undefined;
  for (const line of lines) {
    if (!isText(line)) continue;
    shared ??= leading.exec(line)![0];
    let length = 0;
    while (length < shared.length && line[length] === shared[length]) length++;
    shared = shared.slice(0, length);
  }
  return shared ?? '';
}

function inStyleOf(fileText: string, lines: string[]): string[] {
  const file = linesOf(fileText);
  const [style, own] = [styleOf(file), styleOf(lines)];
  if (style === 'tabs' && own === 'blanks') return withTabs(lines, unitOf(lines));
  return style === 'blanks' && own === 'tabs' ? withSpaces(lines, unitOf(file)) : lines;
}

export function styleOf(lines: string[]): 'tabs' | 'blanks' | undefined {
  const indented = lines.filter((line) => isText(line) && /^[ \t]/.test(line) && !commentLine.test(line));
  const tabbed = indented.filter((line) => line.startsWith('\t')).length;
  if (indented.length === 0 || (tabbed > 0 && tabbed < indented.length)) return undefined;
  return tabbed > 0 ? 'tabs' : 'blanks';
}

/** The smallest indentation in spaces, which is one level. */
export function unitOf(lines: string[]): number {
  const depths = lines
    .filter((line) => isText(line) && !commentLine.test(line))
    .map((line) => /^ */.exec(line)![0].length);
  const unit = Math.min(...depths.filter((depth) => depth > 1));
  return Number.isFinite(unit) ? unit : usualUnit;
}

export function withTabs(lines: string[], unit: number): string[] {
  return lines.map((line) =>
    line.replace(/^ +/, ({ length }) => '\t'.repeat(Math.floor(length / unit)) + ' '.repeat(length % unit)),
  );
}

export function withSpaces(lines: string[], unit: number): string[] {
  return lines.map((line) => line.replace(/^\t+/, ({ length }) => ' '.repeat(length * unit)));
}
