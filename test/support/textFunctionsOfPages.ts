/** Functions for the pages of a workspace, each called with a text of a model, a repository or a user. */
import { parseIgnoreFile } from '../../src/documentation/workspace/ignoreRules.ts';
import { outlineOf } from '../../src/documentation/workspace/fileOutline.ts';
import { withIndex } from '../../src/documentation/workspace/pagesReadme.ts';
import { checkPage } from '../../src/documentation/workspace/quality.ts';
import { skipByContent } from '../../src/documentation/workspace/skipRules.ts';
import { parseCommits, parseHistories } from '../../src/editor/gitHistory.ts';
import { summaryPrompt } from '../../src/prompts/summaries.ts';
import type { TextFunction } from './textFunctions.ts';

const summary = (text: string): unknown => {
  const commit = { hash: 'a', date: 'b', subject: text, body: text, files: [{ path: text }] };
  const facts = { kind: 'week', period: 'a', from: 'b', to: 'c', commits: [commit], stale: [text] } as const;
  return summaryPrompt(facts, () => true);
};

export const ofSummaries: TextFunction[] = [{ name: 'summaryPrompt', run: summary }];

export const ofPages: TextFunction[] = [
  { name: 'checkPage', run: (text) => checkPage(`## Purpose\n\n${text}`, 'function', 'const a = 1;') },
  { name: 'checkPage (source)', run: (text) => checkPage('## Purpose\n\nIt adds `a`.', 'function', text) },
  { name: 'withIndex', run: (text) => withIndex(text, [], 'docs') },
  { name: 'parseIgnoreFile', run: parseIgnoreFile },
  { name: 'skipByContent', run: (text) => skipByContent(new Uint8Array(), text) },
  { name: 'outlineOf (typescript)', run: (text) => outlineOf(text, 'typescript') },
  { name: 'outlineOf (python)', run: (text) => outlineOf(text, 'python') },
  { name: 'parseHistories', run: parseHistories },
  { name: 'parseCommits', run: parseCommits },
];
