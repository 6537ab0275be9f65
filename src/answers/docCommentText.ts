import type { DocStyle } from '../code/docCommentStyles.ts';

/** Whatever any language takes for the end of a line, and with it for the end of a comment. */
const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
/**
 * Control characters, halves of characters, byte order marks, and the marks that turn the direction of
 * writing, with which code can be made to look like a comment.
 */
const invisible = /[\p{Cc}\p{Cs}\uFEFF\u202A-\u202E\u2066-\u2069]/gu;
/** The lines of a text, with nothing in them that is not to be seen; tabs are four blanks. */
export function plainLines(text: string): string[] {
  return text
    .replaceAll(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '    ').replaceAll(invisible, '').trimEnd());
}

/**
 * The text with nothing in it that could end the comment or be more than words in it. What is changed stays
 * readable: `* /` for the end of a comment.
 */
export function harmless(text: string, { escapes: hazards }: DocStyle): string {
  let now = plainLines(text).join('\n');
  for (let before = ''; before !== now;) {
    before = now;
    for (const [hazard, replacement] of hazards) now = now.replaceAll(hazard, replacement);
  }
  return now;
}

/** A line that cannot go on in the next one. */
export function closedLine(line: string): string {
  let [before, now] = [line, withoutContinuation(line)];
  while (now !== before) [before, now] = [now, withoutContinuation(now)];
  return now;
}

/** A line ended by a backslash, `??/` or ` _` goes on in the next: in C, in makefiles, in Visual Basic. */
function withoutContinuation(line: string): string {
  const text = line.trimEnd();
  if (text.endsWith('\\')) return text.slice(0, -1);
  if (text.endsWith('??/')) return text.slice(0, -3);
  return text === '_' || /\s_$/.test(text.slice(-2)) ? text.slice(0, -1) : text;
}

/** A line that begins something of its own: an item, a tag, a heading, an element, a table, a fence. */
const opening = /^(?:\s+|[-*+•]\s|\d+[.)]\s|[@\\:]\w|#|<\/?\w|\||`{3}|~{3}|>)/;
/** A line that is whole as it is: a section's name, a heading, a fence, an element's end. */
const closing = /^(?:[\w ]{1,30}:|#{1,6}\s.*|`{3}.*|~{3}.*|\|.*|.*<\/?\w+[^<>]*>)$/;
/** So many columns what belongs to an item or a tag is moved to the right. */
const hanging = 2;

/**
 * The paragraphs of a text in lines of at most `width` columns. A word that is longer keeps a line of its
 * own; headings and code between fences stay as they are.
 */
export function wrapped(text: string, width: number): string[] {
  let isFenced = false;
  return blocksOf(text).flatMap((block) => {
    const isFence = /^\s*(?:`{3}|~{3})/.test(block);
    const isVerbatim = isFenced || isFence || /^\s*#{1,6}\s/.test(block);
    isFenced = isFence ? !isFenced : isFenced;
    return isVerbatim ? [block] : fill(block, width);
  });
}

/** One string a paragraph, list item or tag, joined from its lines. */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let mayGoOn = false;
  let isFenced = false;
  for (const line of text.split('\n')) {
    const isFence = /^\s*(?:`{3}|~{3})/.test(line);
    if (mayGoOn && !isFenced && line.trim() !== '' && !opening.test(line)) {
      blocks.push(`${blocks.pop()} ${line.trim()}`);
    } else {
      blocks.push(line);
    }
    isFenced = isFence ? !isFenced : isFenced;
    mayGoOn = line.trim() !== '' && !isFenced && !closing.test(line.trim());
  }
  return blocks;
}

function fill(block: string, width: number): string[] {
  const indent = /^ */.exec(block)?.[0] ?? '';
  const further = indent + (opening.test(block.trimStart()) || indent !== '' ? ' '.repeat(hanging) : '');
  const lines: string[] = [];
  let current = indent;
  for (const word of block.split(' ').flatMap((text) => piecesOf(text, width))) {
    const joint = current.trim() === '' || word.glued ? '' : ' ';
    if (current.trim() !== '' && columns(current + joint + word.text) > width) {
      lines.push(current);
      current = further + word.text;
    } else {
      current += joint + word.text;
    }
  }
  return [...lines, current.trimEnd()];
}

interface Piece {
  text: string;
  /** It goes on without a blank before it. */
  glued: boolean;
}

/** A word; one of a script without blanks between its words can be broken anywhere before a letter. */
function piecesOf(word: string, width: number): Piece[] {
  if (word === '') return [];
  const pieces =
    columns(word) > width ? (word.match(/[\p{L}\p{N}]?[^\p{L}\p{N}]*/gu) ?? []).filter(Boolean) : [];
  return wide.test(word) && pieces.length > 0
    ? pieces.map((text, index) => ({ text, glued: index > 0 }))
    : [{ text: word, glued: false }];
}

const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF01-\uFF60]/u;
const wideAll = new RegExp(wide, 'gu');

/** Columns that a text takes; the signs of Chinese, Japanese and Korean take two. */
function columns(text: string): number {
  return Array.from(text).length + (text.match(wideAll)?.length ?? 0);
}
