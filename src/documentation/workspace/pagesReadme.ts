import { isPageKind } from '../../prompts/pageKinds.ts';
import { FenceTracker } from '../../text/fences.ts';
import { escapeMarkdown } from '../../text/markdown.ts';

/** A page as the index lists it. */
export interface IndexedPage {
  /** Path of the page, relative to the documented folder, with forward slashes. */
  page: string;
  /** Path of the source; empty for a summary. */
  path: string;
  symbol?: string;
  kind: string;
}

/** The lines around the index. The text outside belongs to the user and stays byte for byte. */
const begin = '<!-- codeworm:index -->';
const end = '<!-- /codeworm:index -->';
/**
 * The README of the pages' folder with an index of its pages in the marked part, which is added at the end if
 * it is missing. Of two marked parts, the first is the index.
 * @param readme the existing text
 * @param folder the folder of the README, relative to the documented folder
 */
export function withIndex(readme: string | undefined, pages: readonly IndexedPage[], folder: string): string {
  const part = `${begin}\n${indexOf(pages, folder)}${end}`;
  if (readme === undefined) return `# Documentation\n\n${part}\n`;
  const lineEnd = /\r(?:\n|$)/.test(readme) ? '\r\n' : '\n';
  const own = part.replaceAll('\n', lineEnd);
  const marked = markedPart(readme);
  if (marked) return readme.slice(0, marked.start) + own + readme.slice(marked.end);
  const gap =
    readme === '' || readme.endsWith('\n\n') || readme.endsWith('\r\n\r\n')
      ? ''
      : readme.endsWith('\n')
        ? lineEnd
        : lineEnd + lineEnd;
  return `${readme}${gap}${own}${lineEnd}`;
}

/**
 * The first marked part: each mark is alone on its line, and a start without an end is not one. Marks in
 * fenced code are an example, unless the fence never ends.
 */
function markedPart(readme: string): { start: number; end: number } | undefined {
  const lines = readme.split('\n');
  const isExample = fencedLines(lines);
  let at = 0;
  let start: number | undefined;
  for (const [number, line] of lines.entries()) {
    const bom = number === 0 && line.startsWith('\uFEFF') ? 1 : 0;
    const isAlone = (mark: string): boolean =>
      !isExample[number] && line.startsWith(mark, bom) && line.slice(bom + mark.length).trim() === '';
    if (isAlone(begin)) start = at + bom;
    if (isAlone(end) && start !== undefined)
      return { start, end: at + line.length - (line.endsWith('\r') ? 1 : 0) };
    at += line.length + 1;
  }
  return undefined;
}

/** Whether each line is in a fence that has an end. */
function fencedLines(lines: readonly string[]): boolean[] {
  const tracker = new FenceTracker();
  let opening = 0;
  const fenced = lines.map((line, number) => {
    const kind = tracker.read(line.replace(/\r$/, ''));
    if (kind === 'opening') opening = number;
    return kind !== 'text';
  });
  return tracker.open ? fenced.fill(false, opening) : fenced;
}

/** By folder of the sources: files in alphabetical order, each with its pages. */
function indexOf(pages: readonly IndexedPage[], folder: string): string {
  if (pages.length === 0) return '\nThere are no pages yet.\n\n';
  const summaries = pages.filter(({ path }) => path === '');
  const byFolder = grouped(
    pages.filter(({ path }) => path !== ''),
    ({ path }) => folderOf(path),
  );
  const sections = [...byFolder].toSorted(byName).map(([name, inFolder]) => {
    const files = [...grouped(inFolder, ({ path }) => path)].toSorted(byName);
    return `\n## ${name === '' ? 'Top folder' : escapeMarkdown(name)}\n\n${files.map(([path, all]) => fileLines(path, all, folder)).join('')}`;
  });
  const times = summaries.toSorted((one, other) => compare(other.symbol ?? '', one.symbol ?? ''));
  const history =
    times.length === 0 ? '' : `\n## Summaries\n\n${times.map((page) => line(page, folder, '')).join('')}`;
  return `${history}${sections.join('')}\n`;
}

function fileLines(path: string, pages: readonly IndexedPage[], folder: string): string {
  const name = escapeMarkdown(path.slice(path.lastIndexOf('/') + 1));
  const sorted = pages.toSorted((one, other) => compare(titleOf(one), titleOf(other)));
  return `- ${name}\n${sorted.map((page) => line(page, folder, '  ')).join('')}`;
}

function line(page: IndexedPage, folder: string, indent: string): string {
  return `${indent}- [${escapeMarkdown(titleOf(page))}](${linkTo(page.page, folder)})\n`;
}

function titleOf({ symbol, kind }: IndexedPage): string {
  const words = isPageKind(kind) || kind === 'week' || kind === 'month' ? kind : 'page';
  return symbol === undefined ? words : `${symbol} (${words})`;
}

/** The address of the page from the README's folder. */
function linkTo(page: string, folder: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = page.split('/').filter(Boolean);
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  const parts = [...from.slice(same).map(() => '..'), ...to.slice(same).map(encoded)];
  return parts.join('/');
}

/** An unpaired surrogate, which a name may contain on some systems, cannot be encoded. */
function encoded(part: string): string {
  return encodeURIComponent(part.toWellFormed()).replaceAll(
    /[()*'!]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return compare(one, other);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
