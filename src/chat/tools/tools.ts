import type * as vscode from 'vscode';
import { pageBody } from '../../documentation/pageFacts.ts';
import type { Services } from '../../services.ts';
import { refusalText } from './filePolicy.ts';
import { outlineText } from './outlineText.ts';
import { findPages, stateOf, type FoundPage } from './pages.ts';
import { readWorkspaceFile } from './workspaceFile.ts';
import type { ToolName } from '../../contributions.ts';

/** Unchecked input of a model, which may not match the schema. */
type Input = Record<string, unknown>;

/** Most characters of a page, and most lines of a list: small models read the result. */
const mostChars = 6000;
const mostLines = 60;

/** The results of our tools, as text for a model. They only read. */
export class ChatTools {
  private readonly services: Pick<Services, 'configuration'>;

  constructor(services: Pick<Services, 'configuration'>) {
    this.services = services;
  }

  /** Never rejects. An error in the input is the result, so that the model can correct it. */
  async invoke(name: ToolName, input: unknown, token: vscode.CancellationToken): Promise<string> {
    const given: Input = typeof input === 'object' && input !== null ? (input as Input) : {};
    switch (name) {
      case 'codeworm_outline':
        return this.outline(given);
      case 'codeworm_read_documentation':
        return this.documentation(given, token);
      case 'codeworm_list_documentation':
        return this.state(given, token);
    }
  }

  private async outline(input: Input): Promise<string> {
    const path = textIn(input, 'path');
    if (path === undefined) return 'Give "path", the path of a file relative to the workspace folder.';
    const file = await readWorkspaceFile(path);
    return typeof file === 'string'
      ? refusalText(path, file)
      : outlineText(path, file.getText(), file.languageId);
  }

  private async documentation(input: Input, token: vscode.CancellationToken): Promise<string> {
    const symbol = textIn(input, 'symbol');
    if (symbol === undefined) return 'Give "symbol", the name of a function, class or file.';
    const path = textIn(input, 'path');
    const pages = (await this.pages(token)).filter(
      ({ facts }) => isNamed(facts.title, symbol) && (path === undefined || isPath(facts.file, path)),
    );
    const [page, ...others] = pages;
    if (!page)
      return `There is no documentation page of "${symbol}"${path === undefined ? '' : ` in ${path}`}.`;
    const also = others.length > 0 ? `\n\nOther pages: ${others.map((one) => one.path).join(', ')}` : '';
    return `${await heading(page)}\n\n${clipped(pageBody(page.text))}${also}`;
  }

  private async state(input: Input, token: vscode.CancellationToken): Promise<string> {
    const folder = textIn(input, 'folder');
    const pages = (await this.pages(token)).filter(
      ({ facts }) => folder === undefined || isInside(facts.file, folder),
    );
    if (pages.length === 0) return `No documentation pages${folder === undefined ? '' : ` about ${folder}`}.`;
    const states = await Promise.all(pages.map(stateOf));
    const stale = states.filter((state) => state !== 'current').length;
    const lines = pages.map(
      ({ facts, path }, index) => `${states[index]}: ${facts.title} (${facts.file}) in ${path}`,
    );
    // Outdated ones first, because users ask for them.
    const sorted = lines.toSorted(
      (one, other) => Number(one.startsWith('current')) - Number(other.startsWith('current')),
    );
    const rest = sorted.length - mostLines;
    return [
      `${pages.length} documentation pages, ${stale} of them no longer match their source.`,
      ...sorted.slice(0, mostLines),
      ...(rest > 0 ? [`(${rest} more; ask about a folder)`] : []),
    ].join('\n');
  }

  private pages(token: vscode.CancellationToken): Promise<FoundPage[]> {
    return findPages(this.services.configuration.current.pagesFolder, token);
  }
}

async function heading(page: FoundPage): Promise<string> {
  const { title, type, file, lines } = page.facts;
  const where = lines ? `${file}, lines ${lines.first}-${lines.last}` : file;
  const state = await stateOf(page);
  const note =
    state === 'current'
      ? ''
      : ` This page is ${state === 'stale' ? 'stale: the source has changed' : 'about a source that is gone'}.`;
  return `${title}: ${type}, ${where}.${note}`;
}

/** `add` also means `Inventory.add`. */
function isNamed(title: string, symbol: string): boolean {
  const [one, other] = [title, symbol].map((name) => name.trim().replace(/\(\)$/, '').toLowerCase());
  return one === other || one!.endsWith(`.${other}`);
}

function isPath(file: string, path: string): boolean {
  const wanted = path.replaceAll('\\', '/').replace(/^\.\//, '');
  return file === wanted || file.endsWith(`/${wanted}`);
}

function isInside(file: string, folder: string): boolean {
  const wanted = folder.replaceAll('\\', '/').replace(/^\.?\/+|\/+$/g, '');
  return wanted === '' || wanted === '.' || file === wanted || file.startsWith(`${wanted}/`);
}

function clipped(text: string): string {
  return text.length <= mostChars ? text : `${text.slice(0, mostChars)}\n(cut here; the page is longer)`;
}

function textIn(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
