import * as vscode from 'vscode';
import { isStale, pageFactsIn, type PageFacts } from '../../documentation/pageFacts.ts';
import { readWorkspaceFile } from './workspaceFile.ts';

/** A page of the workspace. */
export interface FoundPage {
  /** Path in the workspace. */
  path: string;
  text: string;
  facts: PageFacts;
}

export type PageState = 'current' | 'stale' | 'source missing';

/** Most Markdown files among which pages are searched. */
const mostPages = 2000;

/** The documentation pages in the folder of the setting, sorted by path. */
export async function findPages(pagesFolder: string, token: vscode.CancellationToken): Promise<FoundPage[]> {
  const pattern = [pagesFolder, '**/*.md'].filter(Boolean).join('/');
  const uris = await vscode.workspace.findFiles(pattern, undefined, mostPages, token);
  const pages: FoundPage[] = [];
  for (const uri of uris) {
    if (token.isCancellationRequested) break;
    const page = await readPage(uri);
    if (page) pages.push(page);
  }
  return pages.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

async function readPage(uri: vscode.Uri): Promise<FoundPage | undefined> {
  try {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const facts = pageFactsIn(text);
    return facts && { path: vscode.workspace.asRelativePath(uri), text, facts };
  } catch {
    return undefined;
  }
}

/** Whether a page still shows its source in its current state. */
export async function stateOf({ facts }: FoundPage): Promise<PageState> {
  const source = await readWorkspaceFile(facts.file);
  if (typeof source === 'string') return 'source missing';
  return isStale(facts, source.getText()) ? 'stale' : 'current';
}
