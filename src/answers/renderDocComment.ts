import { maskCode } from '../code/maskCode.ts';
import { harmless, closedLine, wrapped } from './docCommentText.ts';
import type { DocStyle } from '../code/docCommentStyles.ts';
import { documentationXml } from './docCommentXml.ts';

/** Where the comment stands. */
export interface CommentLayout {
  /** The blanks before every line of it. */
  indent: string;
  tabSize: number;
  /** Columns that a line may take, indentation included. */
  width: number;
}

/** However deep the indentation, a line of text keeps this many columns: fewer cannot be read. */
const leastColumns = 40;

/**
 * The text as a comment, line by line, without line breaks. Nothing of the text can be more than comment,
 * whatever it is.
 *
 * @throws {Error} when the lines would not be a comment and nothing else, which no text is known to cause.
 */
export function renderDocComment(text: string, style: DocStyle, layout: CommentLayout): string[] {
  const safe = harmless(style.xml ? documentationXml(harmless(text, style)) : text, style);
  const room = layout.width - indentColumns(layout) - markerColumns(style);
  const lines = trimBlank(wrapped(safe.trim(), Math.max(room, leastColumns)).map(closedLine));
  const comment = forms[style.form](lines, style, room);
  if (!isOnlyComment(comment, style)) throw new Error('The text cannot be written as a comment.');
  return comment.map((line) => (line === '' ? '' : layout.indent + line));
}

const forms: Record<DocStyle['form'], (lines: string[], style: DocStyle, room: number) => string[]> = {
  block: (lines, { marker }, room) =>
    lines.length <= 1 && (lines[0] ?? '').length + 3 <= room
      ? [`/** ${lines[0] ?? ''} */`]
      : ['/**', ...lines.map((line) => `${marker} ${line}`.trimEnd()), ' */'],
  line: (lines, { marker, firstMarker = marker }) =>
    lines.map((line, index) => `${index === 0 ? firstMarker : marker} ${line}`.trimEnd()),
  docstring,
};

/** As PEP 257 has it: raw where there are backslashes, and no fourth quote at the end. */
function docstring(lines: string[], _style: DocStyle, room: number): string[] {
  const open = lines.some((line) => line.includes('\\')) ? 'r"""' : '"""';
  const [first = '', ...others] = lines;
  if (others.length > 0) return [open + first, ...others, '"""'];
  const space = /["\\]$/.test(first) ? ' ' : '';
  return first.length + open.length > room ? [open + first, '"""'] : [`${open}${first}${space}"""`];
}

/** Read as the language does, the comment is gone, and what comes after it is code again. */
export function isOnlyComment(lines: string[], { form, lexis }: DocStyle): boolean {
  const masked = maskCode(`${lines.join('\n')}\nafter`, lexis);
  return masked.replaceAll(/\s+/g, '') === (form === 'docstring' ? '""after' : 'after');
}

function trimBlank(lines: string[]): string[] {
  const first = lines.findIndex((line) => line.trim() !== '');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines
    .slice(Math.max(first, 0), last + 1)
    .filter((line, index, all) => line !== '' || all[index - 1] !== '');
}

function indentColumns({ indent, tabSize }: CommentLayout): number {
  let columns = 0;
  for (const blank of indent) columns += blank === '\t' ? tabSize - (columns % tabSize) : 1;
  return columns;
}

function markerColumns({ form, marker, firstMarker = marker }: DocStyle): number {
  return form === 'docstring' ? '"""'.length : Math.max(marker.length, firstMarker.length) + 1;
}
