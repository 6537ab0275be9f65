/** Functions of `text` and `code`, each called with a text. */
import { indentOf } from '../../src/code/commentPosition.ts';
import { cyclomaticComplexity, decisionsIn } from '../../src/code/complexity.ts';
import { looksLikeDeclaration } from '../../src/code/declaration.ts';
import { declarationAt } from '../../src/code/declarationAt.ts';
import { codeOf, commentPosition } from '../../src/code/docCommentPosition.ts';
import { fitIndentation, styleOf, unitOf, withSpaces, withTabs } from '../../src/code/indentation.ts';
import { gapAt } from '../../src/code/insertion.ts';
import * as lexers from '../../src/code/lexers.ts';
import { anchorOf, findAgain } from '../../src/code/lineAnchor.ts';
import { endsInside, maskCode, maskColumns, maskOffsets, maskLines } from '../../src/code/maskCode.ts';
import { ownOutline } from '../../src/code/ownOutline.ts';
import { applied, reanchored } from '../../src/code/reanchor.ts';
import { isSameCode } from '../../src/code/sameCode.ts';
import { codeBlocks } from '../../src/text/codeBlocks.ts';
import { escapeControlChars } from '../../src/text/controlChars.ts';
import { fenceTag, languageName } from '../../src/text/languageNames.ts';
import {
  codeSpan,
  escapeMarkdown,
  fencedBlock,
  fenceFor,
  linesOf,
  normalizeNewlines,
} from '../../src/text/markdown.ts';
import { repositoryNameIn } from '../../src/text/repositoryName.ts';
import { closeCommandLinks } from '../../src/text/closeCommandLinks.ts';
import { closingFence, OpenBlock, separateBlocks } from '../../src/text/fences.ts';
import { InertMarkdown, sanitizeMarkdown } from '../../src/text/sanitizeMarkdown.ts';
import type { TextFunction } from './textFunctions.ts';
import { pieces, languages, style, middle } from './textSamples.ts';

export const ofText: TextFunction[] = [
  { name: 'codeBlocks', run: codeBlocks },
  { name: 'separateBlocks', run: separateBlocks },
  { name: 'closingFence', run: closingFence },
  {
    name: 'OpenBlock (in pieces)',
    run: (text) => {
      const block = new OpenBlock();
      for (const piece of pieces(text, 4)) block.add(piece);
      return block.end();
    },
  },
  { name: 'escapeControlChars', run: escapeControlChars },
  { name: 'languageName', run: languageName },
  { name: 'fenceTag', run: fenceTag },
  { name: 'fenceFor', run: fenceFor },
  { name: 'fencedBlock', run: (text) => fencedBlock(text, text) },
  { name: 'codeSpan', run: codeSpan },
  { name: 'escapeMarkdown', run: escapeMarkdown },
  { name: 'normalizeNewlines', run: normalizeNewlines },
  { name: 'linesOf', run: linesOf },
  { name: 'repositoryNameIn', run: repositoryNameIn },
  { name: 'sanitizeMarkdown', run: sanitizeMarkdown },
  { name: 'closeCommandLinks', run: (text) => closeCommandLinks(text, 'before') },
  {
    name: 'InertMarkdown (in pieces)',
    run: (text) => {
      const inertMarkdown = new InertMarkdown();
      for (const piece of pieces(text, 4)) inertMarkdown.add(piece);
      return inertMarkdown.end();
    },
  },
];

export const ofCode: TextFunction[] = [
  ...Object.entries(lexers).flatMap(([name, rules]): TextFunction[] => [
    { name: `maskCode (${name})`, run: (text) => maskCode(text, rules) },
    { name: `maskColumns (${name})`, run: (text) => maskColumns(text, rules) },
  ]),
  ...languages.flatMap((language): TextFunction[] => [
    { name: `cyclomaticComplexity (${language})`, run: (text) => cyclomaticComplexity(text, language) },
    {
      name: `decisionsIn (${language})`,
      run: (text) => decisionsIn(text, language)?.between(0, text.length),
    },
    {
      name: `looksLikeDeclaration (${language})`,
      run: (text) =>
        pieces(text, 500).map((line) => looksLikeDeclaration(line.replaceAll('\n', ' '), language)),
    },
    {
      name: `declarationAt (${language})`,
      run: (text) => {
        const line = Math.floor(text.split('\n').length / 2);
        return declarationAt([], text, language, { line, character: 0 });
      },
    },
    {
      name: `commentPlace (${language})`,
      run: (text) => {
        const lines = text.split('\n');
        const line = lines.length - 1;
        return commentPosition(text, language, { line, character: lines[line]!.length }, '  ');
      },
    },
    {
      name: `commentPlace (${language}, first line)`,
      run: (text) => commentPosition(`def f${text}`, language, { line: 0, character: 4 }, '  '),
    },
  ]),
  {
    name: 'declarationAt (outline)',
    run: (text) => {
      const end = { line: text.split('\n').length - 1, character: 0 };
      const start = { line: 0, character: 0 };
      return declarationAt([{ name: 'nothing', kind: 'Function', start, end }], text, 'typescript', start);
    },
  },
  ...languages.map((language): TextFunction => ({
    name: `ownOutline (${language})`,
    run: (text) => ownOutline(text, language),
  })),
  { name: 'maskLines', run: (text) => maskLines(text, lexers.javascript) },
  { name: 'isSameCode', run: (text) => isSameCode(text, `${text} `, 'typescript') },
  { name: 'maskOffsets', run: (text) => maskOffsets(text, lexers.javascript) },
  { name: 'endsInside', run: (text) => endsInside(text, lexers.javascript) },
  { name: 'codeOf', run: (text) => codeOf(text.split('\n'), 'php', style('php')) },
  { name: 'indentOf', run: indentOf },
  {
    name: 'fitIndentation',
    run: (text) => fitIndentation(text, { replaced: `  a\n    b\n`, before: '', fileText: text }),
  },
  {
    name: 'fitIndentation (replaced)',
    run: (text) => fitIndentation('a\n\tb', { replaced: text, before: ' ', fileText: text }),
  },
  { name: 'styleOf', run: (text) => styleOf(text.split('\n')) },
  { name: 'unitOf', run: (text) => unitOf(text.split('\n')) },
  { name: 'withTabs', run: (text) => withTabs(text.split('\n'), 2) },
  { name: 'withBlanks', run: (text) => withSpaces(text.split('\n'), 2) },
  { name: 'gapAt', run: (text) => gapAt({ fileText: text, offset: middle(text), eol: '\n' }).change(text) },
  { name: 'anchorOf', run: (text) => anchorOf(text.split('\n'), 0) },
  { name: 'findAgain', run: (text) => findAgain(text.split('\n'), { text: 'a', count: 1, before: 0 }) },
  {
    name: 'reanchored',
    run: (text) =>
      reanchored(`x${text}y`, `z${text}${text.slice(0, 7)}w`, [
        { start: middle(text), end: middle(text) + 3, text: 'n' },
      ]),
  },
  {
    name: 'applied',
    run: (text) =>
      applied(
        text,
        pieces(text, 8).map((piece, index) => ({ start: index * 8, end: index * 8 + 1, text: piece })),
      ),
  },
];
