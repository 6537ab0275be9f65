import { maskLines } from './maskCode.ts';
import { docStyleOf, withoutBody, type DocStyle } from './docCommentStyles.ts';
import { indentOf, type CommentPosition, type NoCommentPosition, type Source } from './commentPosition.ts';
import { insideBody } from './docstringPosition.ts';
import type { SymbolRange } from './outline.ts';

/**
 * The position for the doc comment of the declaration whose name is at `name`: above its first decorator,
 * annotation, attribute or `template<...>`; for a Python function or class, below its signature.
 * @param unit one step of indentation, if the code does not show it
 * @returns undefined for a language whose comments are not known
 */
export function commentPosition(
  text: string,
  languageId: string,
  name: SymbolRange,
  unit: string,
): CommentPosition | NoCommentPosition | undefined {
  const style = docStyleOf(languageId);
  if (!style) return undefined;
  const lines = text.split(/\r\n|\n|\r/);
  const source: Source = { lines, masked: codeOf(lines, languageId, style), languageId, style, unit };
  const line = lines[name.line] ?? '';
  if (!beginsLine(line.slice(0, name.character), style)) return 'inLine';
  const hasBody = /^\s*(?:async\s+)?(?:def|class)\b/.test(line);
  if (style.form === 'docstring' && hasBody) return insideBody(source, name.line);
  return above({ ...source, style: withoutBody(style) }, name.line);
}

/** The lines with code only. Of a PHP file, only the text inside `<?php ... ?>`. */
export function codeOf(lines: string[], languageId: string, { lexer }: DocStyle): string[] {
  const text = lines.join('\n');
  const program =
    languageId === 'php'
      ? text.replaceAll(/(?:^|\?>)[^]*?(?:<\?(?:php|=)?|$)/g, (html) => html.replaceAll(/[^\n]/g, ' '))
      : text;
  return maskLines(program, lexer);
}

/** Whether a declaration is the first thing in its line, given the text before its name. */
function beginsLine(before: string, { lexer }: DocStyle): boolean {
  return !/[{};]/.test(withoutBrackets(maskLines(before, lexer).join('')));
}

const openers: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

/** The code without balanced brackets and their content. */
function withoutBrackets(code: string): string {
  const kept: string[] = [];
  let open: { bracket: string; at: number }[] = [];
  for (const character of code) {
    const opener = openers[character];
    const last = open.at(-1);
    if (opener !== undefined && last?.bracket === opener) {
      kept.length = last.at;
      open.pop();
      continue;
    }
    // After a bracket without a partner, the brackets around it are not balanced either.
    if (opener !== undefined) open = [];
    else if ('([{'.includes(character)) open.push({ bracket: character, at: kept.length });
    kept.push(character);
  }
  return kept.join('');
}

function above(source: Source, nameLine: number): CommentPosition | NoCommentPosition {
  let head = nameLine;
  for (;;) {
    const existing = commentAbove(source, head);
    if (existing) return existing;
    const next = prefixAbove(source, head);
    if (next === head) break;
    head = next;
  }
  const line = source.lines[head] ?? '';
  if (source.lines[head - 1]?.endsWith('\\')) return 'inStatement';
  const indent = indentOf(line);
  const inSameLine = /^\s*\/\*.*?\*\/\s*/.exec(line)?.[0].length;
  if (inSameLine !== undefined) return inFront(source, head, inSameLine);
  const place = { line: head, character: 0 };
  const before = isHeader(source, head - 1) ? '\n' : '';
  return { style: source.style, start: place, end: place, replaces: false, before, after: '\n', indent };
}

/** A comment before the declaration on the same line. */
function inFront({ style, lines }: Source, line: number, length: number): CommentPosition {
  const indent = indentOf(lines[line]!);
  const [start, end] = [0, length].map((character) => ({ line, character })) as [SymbolRange, SymbolRange];
  return { style, start, end, replaces: true, before: '', after: `\n${indent}`, indent };
}

const modifiers =
  /^(?:@[\w.:$]+|#|abstract|async|const|data|declare|default|export|extern|final|fileprivate|inline|internal|lazy|open|override|private|protected|pub|public|sealed|static|suspend|unsafe|virtual|extern\s*""|\s)+$/;
/** In C++ and C#, brackets alone are an attribute. Unreal's macros are similar. */
const bracketAttributes = /^\s*(?:\[.*\]|U(?:FUNCTION|PROPERTY|CLASS|STRUCT|ENUM|INTERFACE)\s*\(.*\))\s*$/s;
const cLike = /^(?:c|cpp|cuda-cpp|objective-c|objective-cpp|glsl|hlsl)$/;
/** A type alone on its line, above the name of the function. */
const typeAlone = /^\s*(?![A-Z_\d]+\s*$)(?!(?:else|do|return|goto)\b)[A-Za-z_][\w\s*&:<>,]*(?<![:,])\s*$/;
const directives =
  /^(?:(?:eslint|@ts-|prettier|biome|istanbul|c8|v8|jshint|tslint|nolint|NOLINT|noinspection|swiftlint|swift-format|rubocop|shellcheck|clang-format|pylint|type:|noqa|fmt:|mypy|phpcs|phpstan|psalm|ktlint|detekt|go:|line |export |lint:|luacheck|ignore_for_file|ignore:)|region\b|endregion\b|MARK:|[=*#-]{3,})/i;

/** The first line of the decorators, attributes, modifiers or template directly above a line. */
function prefixAbove(source: Source, line: number): number {
  const directive = lineCommentText(source, line - 1);
  if (directive !== undefined && directives.test(directive)) return line - 1;
  let chunk = '';
  for (let first = line - 1; first >= 0 && line - first <= longestPrefix; first--) {
    const code = source.masked[first] ?? '';
    if (code.trim() === '' && balance(chunk, source.languageId) <= 0) return line;
    chunk = `${code}\n${chunk}`;
    if (balance(chunk, source.languageId) <= 0) return isPrefix(chunk, source.languageId) ? first : line;
  }
  return line;
}

/** Number of lines. Anything longer is not a decorator. */
const longestPrefix = 60;

/** Number of closing brackets minus opening ones. In C++, the angle brackets of a template count too. */
function balance(code: string, languageId: string): number {
  const count = (pattern: RegExp): number => code.match(pattern)?.length ?? 0;
  const isTemplate = cLike.test(languageId) && />\s*$/.test(code);
  return isTemplate ? count(/>/g) - count(/</g) : count(/[)\]}]/g) - count(/[([{]/g);
}

function isPrefix(code: string, languageId: string): boolean {
  const bare = withoutBrackets(code).trim();
  if (bare !== '' && modifiers.test(bare)) return true;
  if (languageId === 'csharp' || cLike.test(languageId)) {
    if (bracketAttributes.test(code)) return true;
  }
  return cLike.test(languageId) && (/^template\b[^;{}]*>$/.test(bare) || typeAlone.test(bare));
}

/** The comment directly above a line that fills its lines completely. */
function commentAbove(source: Source, line: number): CommentPosition | undefined {
  const last = line - 1;
  if (last < 0 || !isComment(source, last) || directives.test(lineCommentText(source, last) ?? ''))
    return undefined;
  const first = commentStart(source, last);
  if (first > last || isHeader(source, last)) return undefined;
  return {
    style: source.style,
    start: { line: first, character: 0 },
    end: { line: last, character: (source.lines[last] ?? '').length },
    replaces: true,
    before: '',
    after: '',
    indent: indentOf(source.lines[line] ?? ''),
  };
}

/** Whether a line has text but no code. */
function isComment({ lines, masked }: Source, line: number): boolean {
  return (lines[line] ?? '').trim() !== '' && (masked[line] ?? '').trim() === '';
}

/** The first line of the comment that ends in `last`. A line after `last` when that is not a comment. */
function commentStart(source: Source, last: number): number {
  if (source.lines[last]?.trimEnd().endsWith('*/')) {
    let first = last;
    while (first >= 0 && !source.lines[first]!.includes('/*')) first--;
    return first >= 0 && /^\s*\/\*/.test(source.lines[first]!) ? first : last + 1;
  }
  let first = last + 1;
  while (isWords(lineCommentText(source, first - 1))) first--;
  return first;
}

function isWords(comment: string | undefined): boolean {
  return comment !== undefined && !directives.test(comment);
}

/** The text of a line comment; undefined for other lines, and for `#!` in the first line. */
function lineCommentText(source: Source, line: number): string | undefined {
  if (line < 0 || !isComment(source, line)) return undefined;
  const [, text, inside] =
    /^\s*(?:(?:\/\/[/!]?|#(?!!)['#:]?|--+|;+|%+|'+)(.*)|\/\*(?!\*)(.*)\*\/\s*)$/.exec(source.lines[line]!) ??
    [];
  return (text ?? inside)?.trim();
}

/** Whether a comment at the start of the file (after `#!`) is about the file, such as a license. */
function isHeader(source: Source, last: number): boolean {
  if (last < 0 || !isComment(source, last)) return false;
  if (source.lines[last]!.startsWith('#!')) return false;
  const first = commentStart(source, last);
  const text = source.lines.slice(first, last + 1).join('\n');
  const isBelowShebang = first === 1 && source.lines[0]!.startsWith('#!');
  return (
    isBelowShebang ||
    (first === 0 && /copyright|licen[cs]e|SPDX|coding[:=]|frozen_string_literal|@file|<\?php/i.test(text))
  );
}
