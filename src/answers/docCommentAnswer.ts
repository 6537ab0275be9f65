import { maskLines } from '../code/maskCode.ts';
import type { DocStyle } from '../code/docCommentStyles.ts';
import { FenceTracker, blockFenceIn } from '../text/fences.ts';
import { agreement, announcement, farewell } from './chatter.ts';
import { plainLines } from './docCommentText.ts';
import { answerText } from './splitAnswer.ts';
import { isToolCall } from './toolCallText.ts';

/** Chatter before the comment, and offers after it. */
const prelude = new RegExp(
  `^(?:(?:${agreement}|yes)\\b.*|(?:${announcement}|the following is) .*|` +
    '(?:\\W*(?:doc(?:umentation)?[ -]?)?(?:comment|docstring)\\b.*:\\W*))$',
  'i',
);
const epilogue = new RegExp(
  `^(?:${farewell}|this (?:doc(?:umentation)? ?)?(?:comment|docstring)|` +
    'note that this (?:comment|docstring)|(?:the )?above (?:doc ?)?(?:comment|docstring))\\b',
  'i',
);

/**
 * The text of the doc comment in a model's answer, without comment marks, fences, chatter and repeated code.
 * Undefined when nothing in it can be a comment.
 * @param code the code to document: its lines are recognized when the answer repeats them
 */
export function docTextOf(answer: string, style: DocStyle, code: string): string | undefined {
  const plain = answerText(answer, code);
  if (isToolCall(plain)) return undefined;
  const lines = plainLines(plain);
  const text = dedented(commentIn(lines, style) ?? prose(lines, style, code));
  return /[\p{L}\p{N}]/u.test(text) ? text : undefined;
}

/** The first comment with its marks: alone, in a fence, above repeated code, or inside it (a docstring). */
function commentIn(lines: string[], style: DocStyle): string[] | undefined {
  const found = style.form === 'docstring' ? docstring(lines) : undefined;
  return found ?? blockComment(lines) ?? lineComment(lines, style);
}

function blockComment(lines: string[]): string[] | undefined {
  const first = lines.findIndex((line) => /^\s*\/\*/.test(line));
  if (first < 0 || !beginsAnswer(lines.slice(0, first))) return undefined;
  const length = lines.slice(first).findIndex((line) => line.includes('*/'));
  return lines
    .slice(first, length < 0 ? undefined : first + length + 1)
    .map((line) => line.replace(/\*\/.*$/, '').replace(/^\s*\/\*+/, ''))
    .map((line, index) => (index === 0 ? line.trim() : line.replace(/^\s*\*+(?!\S*\*) ?/, '')).trimEnd());
}

function docstring(lines: string[]): string[] | undefined {
  const opening = /^\s*[rRuU]?("""|''')/;
  const first = lines.findIndex((line) => opening.test(line));
  const quote = opening.exec(lines[first] ?? '')?.[1];
  const owners = lines.slice(0, first).filter((line) => /^\s*(?:async\s+)?(?:def|class)\s/.test(line));
  if (quote === undefined || owners.length > 1) return undefined;
  const [head = '', ...others] = lines.slice(first);
  const text = [head.replace(opening, ''), ...others];
  const last = text.findIndex((line) => line.includes(quote));
  const body = text
    .slice(0, last < 0 ? undefined : last + 1)
    .map((line, index) => (index === last ? line.slice(0, line.indexOf(quote)) : line));
  return [body[0]?.trim() ?? '', ...dedentedLines(body.slice(1))];
}

const lineMarks = /^(?:\/\/[/!]?|#['#:]?(?=[\s@]|$)|--+(?: \|)?|;+(?=\s|$)|%+(?=[\s@]|$)|'+(?=[\s<]|$))/;

/** Consecutive lines that start with the language's line comment, or with slashes. */
function lineComment(lines: string[], { form, marker }: DocStyle): string[] | undefined {
  const mark = form === 'line' ? marker.charAt(0) : form === 'docstring' ? '#' : '/';
  const isMarked = (line: string): boolean =>
    lineMarks.test(line.trim()) && (line.trim().startsWith(mark) || line.trim().startsWith('//'));
  const first = lines.findIndex(isMarked);
  if (first < 0 || !beginsAnswer(lines.slice(0, first))) return undefined;
  const length = lines.slice(first).findIndex((line) => !isMarked(line));
  return lines
    .slice(first, length < 0 ? undefined : first + length)
    .map((line) => line.trim().replace(lineMarks, '').replace(/^ /, ''));
}

/** Whether only chatter and the first lines of a file come before the comment. */
function beginsAnswer(before: string[]): boolean {
  return before.every(
    (line) =>
      line.trim() === '' ||
      blockFenceIn(line) !== undefined ||
      line.endsWith(':') ||
      prelude.test(line.trim()) ||
      /^\s*(?:package|import|using|use|#include|<\?php|@\w|#\[)/.test(line),
  );
}

/**
 * The text of an answer without comment marks: its paragraphs, else the content of its fences if that is not
 * code.
 */
function prose(lines: string[], style: DocStyle, code: string): string[] {
  const { inside, outside } = splitFences(lines);
  const repeated = codeLines(code, style);
  const texts = [withoutManners(outside), inside].map((text) =>
    text.filter((line) => !repeated.has(line.trim())),
  );
  const text = texts.find((candidate) => candidate.some((line) => line.trim() !== '')) ?? [];
  return isMostlyCode(text) ? [] : text.map(unquoted);
}

/** The lines of the code that are not comments and are unlikely to occur in a text. */
function codeLines(code: string, { lexer }: DocStyle): Set<string> {
  const raw = plainLines(code);
  const masked = maskLines(raw.join('\n'), lexer);
  return new Set(
    raw
      .filter(
        (line, index) => masked[index]?.trim() && /[^\w\s.,'-]|^\s*(?:end|fi|done|return|else)\b/.test(line),
      )
      .map((line) => line.trim()),
  );
}

function isMostlyCode(lines: string[]): boolean {
  const full = lines.filter((line) => line.trim() !== '');
  const code = full.filter((line) => /[{};]$|^\s*(?:def|class|async def) .*:$|^\s*[\w.]+\(.*\)$/.test(line));
  return code.length * 2 > full.length;
}

/** A fence after "@example" belongs to the text. */
function splitFences(lines: string[]): { inside: string[]; outside: string[] } {
  const inside: string[] = [];
  const outside: string[] = [];
  const fences = new FenceTracker();
  let isExample = false;
  for (const line of lines) {
    const kind = fences.read(line);
    if (kind === 'opening') isExample = /^@example\b/.test(outside.at(-1) ?? '');
    if (kind === 'text' || isExample) outside.push(line);
    else if (kind === 'code') inside.push(line);
    if (kind === 'closing') isExample = false;
  }
  return { inside, outside };
}

function withoutManners(lines: string[]): string[] {
  let first = 0;
  while (first < lines.length && (lines[first]!.trim() === '' || prelude.test(lines[first]!.trim()))) first++;
  const last = lines.findIndex((line, index) => index > first && epilogue.test(line.trim()));
  return lines.slice(first, last < 0 ? undefined : last);
}

/** Removes backticks or quotation marks around a whole line. */
function unquoted(line: string): string {
  return line.replace(/^(["`])([^"`]*)\1$/, '$2');
}

function dedented(lines: string[]): string {
  const first = lines.findIndex((line) => line.trim() !== '');
  return first < 0 ? '' : dedentedLines(lines.slice(first)).join('\n').trimEnd();
}

/** Removes the common indentation. */
function dedentedLines(lines: string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const shared = Math.min(...indents, Number.MAX_SAFE_INTEGER);
  return lines.map((line) => line.slice(shared));
}
