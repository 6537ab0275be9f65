/** Shared by the tests of the positions of doc comments. */
import assert from 'node:assert/strict';
import { declarationAt } from '../../../src/code/declarationAt.ts';
import { commentPosition } from '../../../src/code/docCommentPosition.ts';
import type { OutlineSymbol } from '../../../src/code/outline.ts';
import { renderDocComment } from '../../../src/answers/renderDocComment.ts';

/**
 * Adds the comment "Does it." for the declaration at the cursor, which is marked with `▮`. Replaced text
 * stays visible as `[- -]`.
 */
export function commented(languageId: string, marked: string, outline: OutlineSymbol[] = []): string {
  const at = marked.indexOf('▮');
  const text = marked.replace('▮', '');
  const before = marked.slice(0, at).split('\n');
  const place = { line: before.length - 1, character: before.at(-1)!.length };
  const declaration = declarationAt(outline, text, languageId, place);
  if (!declaration) return 'no declaration';
  const found = commentPosition(text, languageId, declaration.nameAt, '    ');
  if (typeof found !== 'object') return String(found);
  const { style, start, end, replaces, before: lead, after, indent } = found;
  const comment = renderDocComment('Does it.', style, { indent, tabSize: 4, width: 100 }).join('\n');
  const lines = text.split('\n');
  const offset = ({ line, character }: typeof start): number =>
    lines.slice(0, line).reduce((sum, { length }) => sum + length + 1, 0) + character;
  const old = text.slice(offset(start), offset(end));
  assert.equal(replaces, old.trim() !== '', 'only blanks are taken away unasked');
  const taken = replaces ? `[-${old}-]` : '';
  return text.slice(0, offset(start)) + taken + lead + comment + after + text.slice(offset(end));
}
