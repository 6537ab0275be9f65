import { oneLine } from './clip.ts';
import { closeBareAddresses } from './inertText.ts';
import { fenceTag } from './languageNames.ts';

/** One backtick more than the longest run in the text, so that nothing in the text closes the fence. */
export function fenceFor(text: string): string {
  return '`'.repeat(Math.max(3, longestBackticks(text) + 1));
}

/** A code block, ending with a line break. The code is unchanged. */
export function fencedBlock(code: string, languageId: string, fence = fenceFor(code)): string {
  const end = code === '' || code.endsWith('\n') ? '' : '\n';
  return `${fence}${fenceTag(languageId)}\n${code}${end}${fence}\n`;
}

/** Inline code on one line. Backticks and line breaks in names and paths cannot end it. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  const ticks = longestBackticks(line);
  if (ticks === 0) {
    return `\`${line}\``;
  }
  const fence = '`'.repeat(ticks + 1);
  return `${fence} ${line} ${fence}`;
}

/**
 * Plain text in Markdown: escapes marks that would make it bold, a link or HTML, and breaks addresses that
 * are not of web pages. `snake_case` needs no escape.
 */
export function escapeMarkdown(text: string): string {
  return closeBareAddresses(oneLine(text).replaceAll(/[\\`*[\]<>~|&]/g, '\\$&')).replaceAll(
    /(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g,
    '\\_',
  );
}

/**
 * VS Code counts `\r
 * `, `
 * ` and `\r` as line ends.
 */
export function normalizeNewlines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** The lines of a text. A line break at the very end does not start another line. */
export function linesOf(text: string): string[] {
  const lines = normalizeNewlines(text).split('\n');
  if (lines.length > 1 && lines.at(-1) === '') {
    lines.pop();
  }
  return lines;
}

/** `line 5` or `lines 5-9`. */
export function lineRange(first: number, last: number): string {
  return first === last ? `line ${first}` : `lines ${first}-${last}`;
}

function longestBackticks(text: string): number {
  let longest = 0;
  for (const run of text.matchAll(/`+/g)) {
    longest = Math.max(longest, run[0].length);
  }
  return longest;
}
