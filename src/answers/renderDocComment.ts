import { maskCode } from '../code/maskCode.ts';
import { harmless, closedLine, wrapped } from './docCommentText.ts';
import type { DocStyle } from '../code/docCommentStyles.ts';
import { documentationXml } from './docCommentXml.ts';

/** The position of the comment. */
export interface CommentLayout {
  /** The white space before every line. */
  indent: string;
  tabSize: number;
  /** Most columns of a line, indentation included. */
  width: number;
}

/** Least columns for text, however deep the indentation, so that it stays readable. */
const leastColumns = 40;

/**
 * The text as a comment, line by line, without line breaks. Nothing in the text can end the comment or have
 * an effect in it.
 * @throws {Error} when the lines would contain more than a comment; no text is known to cause it
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

/** As in PEP 257: raw if there are backslashes, and no fourth quote at the end. */
function docstring(lines: string[], _style: DocStyle, room: number): string[] {
  const open = lines.some((line) => line.includes('\\')) ? 'r"""' : '"""';
  const [first = '', ...others] = lines;
  if (others.length > 0) return [open + first, ...others, '"""'];
  const space = /["\\]$/.test(first) ? ' ' : '';
  return first.length + open.length > room ? [open + first, '"""'] : [`${open}${first}${space}"""`];
}

/** Whether lines are a comment only: after them, the language must read code again. */
export function isOnlyComment(lines: string[], { form, lexer }: DocStyle): boolean {
  const masked = maskCode(`${lines.join('\n')}\nafter`, lexer);
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
