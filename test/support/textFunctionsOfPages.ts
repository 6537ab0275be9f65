/** Functions for the pages of a workspace, each called with a text of a model, a repository or a user. */
import { parseIgnoreFile } from '../../src/documentation/workspace/ignoreRules.ts';
import { withIndex } from '../../src/documentation/workspace/pagesReadme.ts';
import { checkPage } from '../../src/documentation/workspace/quality.ts';
import { isWholeAt } from '../../src/documentation/workspace/seam.ts';
import { skipByContent } from '../../src/documentation/workspace/skipRules.ts';
import { SourceFile } from '../../src/documentation/workspace/sourceRange.ts';
import { parseCommits, parseHistories } from '../../src/editor/gitHistory.ts';
import type { TextFunction } from './textFunctions.ts';

export const ofPages: TextFunction[] = [
  { name: 'checkPage', run: (text) => checkPage(`## Purpose\n\n${text}`, 'function', 'const a = 1;') },
  { name: 'checkPage (source)', run: (text) => checkPage('## Purpose\n\nIt adds `a`.', 'function', text) },
  {
    name: 'SourceFile',
    run: (text) =>
      new SourceFile(text).of({
        symbol: 'a',
        kind: 'function',
        lines: { start: 0, end: 1 },
        languageId: 'typescript',
      }),
  },
  { name: 'isWholeAt', run: (text) => isWholeAt(text, text + text) },
  { name: 'withIndex', run: (text) => withIndex(text, [], 'docs') },
  { name: 'parseIgnoreFile', run: parseIgnoreFile },
  { name: 'skipByContent', run: (text) => skipByContent(new Uint8Array(), text) },
  { name: 'parseHistories', run: parseHistories },
  { name: 'parseCommits', run: parseCommits },
];
