import type { DocStyle } from '../code/docCommentStyles.ts';
import { FenceTracker } from '../text/fences.ts';

/** All characters that end a line, and so a line comment, in some language. */
const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
/**
 * Control characters, unpaired surrogates, byte-order marks, and bidirectional controls, which can make code
 * look like a comment.
 */
const invisible = /[\p{Cc}\p{Cs}\uFEFF\u202A-\u202E\u2066-\u2069]/gu;
/** The lines of a text without invisible characters. A tab becomes four spaces. */
export function plainLines(text: string): string[] {
  return text
    .replaceAll(lineBreak, '\n')
    .split('\n')
    .map((line) => line.replaceAll('\t', '    ').replaceAll(invisible, '').trimEnd());
}

/**
 * Changes everything in a text that could end the comment or have an effect in it. The text stays readable:
 * the end of a comment becomes `* /`.
 */
export function harmless(text: string, { escapes }: DocStyle): string {
  let now = plainLines(text).join('\n');
  for (let before = ''; before !== now;) {
    before = now;
    for (const [pattern, replacement] of escapes) now = now.replaceAll(pattern, replacement);
  }
  return now;
}

/** A line that does not continue in the next one. */
export function closedLine(line: string): string {
  let [before, now] = [line, withoutContinuation(line)];
  while (now !== before) [before, now] = [now, withoutContinuation(now)];
  return now;
}

/**
 * A line that ends in a backslash, `??/` or ` _` continues in the next one in C, makefiles or Visual Basic.
 */
function withoutContinuation(line: string): string {
  const text = line.trimEnd();
  if (text.endsWith('\\')) return text.slice(0, -1);
  if (text.endsWith('??/')) return text.slice(0, -3);
  return text === '_' || /\s_$/.test(text.slice(-2)) ? text.slice(0, -1) : text;
}

/** Start of a line that is not part of a paragraph: a list item, tag, heading, element or table. */
const opening = /^(?:\s+|[-*+•]\s|\d+[.)]\s|[@\\:]\w|#|<\/?\w|\||>)/;
/** A complete line: a section name, heading or closing element. */
const closing = /^(?:[\w ]{1,30}:|#{1,6}\s.*|\|.*|.*<\/?\w+[^<>]*>)$/;
/** Columns by which the continued lines of an item or tag are indented. */
const hanging = 2;

/**
 * The paragraphs of a text in lines of at most `width` columns. A longer word gets its own line. Headings and
 * fenced code stay unchanged.
 */
export function wrapped(text: string, width: number): string[] {
  const fences = new FenceTracker(true);
  return blocksOf(text).flatMap((block) => {
    const isVerbatim = fences.read(block) !== 'text' || /^\s*#{1,6}\s/.test(block);
    return isVerbatim ? [block] : fill(block, width);
  });
}

/** One string per paragraph, list item or tag, joined from its lines. */
function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  const fences = new FenceTracker(true);
  let mayGoOn = false;
  for (const line of text.split('\n')) {
    const isText = fences.read(line) === 'text' && line.trim() !== '';
    if (mayGoOn && isText && !opening.test(line)) {
      blocks.push(`${blocks.pop()} ${line.trim()}`);
    } else {
      blocks.push(line);
    }
    mayGoOn = isText && !closing.test(line.trim());
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
  /** Whether it follows without a space. */
  glued: boolean;
}

/** The pieces of a word. In scripts without spaces between words, it can be broken before every letter. */
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

/** Columns of a text. Chinese, Japanese and Korean characters take two. */
function columns(text: string): number {
  return Array.from(text).length + (text.match(wideAll)?.length ?? 0);
}
