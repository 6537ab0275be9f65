import { codeBlocks } from '../text/codeBlocks.ts';
import { FenceTracker } from '../text/fences.ts';
import { linesOf, normalizeNewlines } from '../text/markdown.ts';

/** The header of a documentation page, as written by `pageHeader`. */
export interface PageFacts {
  title: string;
  /** For example `Class Documentation`. */
  type: string;
  /** Path of its source, relative to the workspace. */
  file: string;
  /** Counted from 1, both inclusive; undefined when missing. */
  lines: { first: number; last: number } | undefined;
  /** The source as shown on the page; a long one is cut. */
  source: string;
  /** The same of further declarations of its name. */
  furtherSources?: string[];
}

/** Most characters of a page that are read for its header. */
const headChars = 40_000;

/** Reads the header of a page; undefined for any other text. */
export function pageFactsIn(text: string): PageFacts | undefined {
  const head = normalizeNewlines(text.slice(0, headChars));
  const [before, behind] = split(head, '\n## Source\n');
  const title = /^# (.+)$/m.exec(before)?.[1];
  const file = codeSpanContent(field(before, 'File'));
  const [source, ...furtherSources] = codeBlocks(sourcePart(behind)).map(({ code }) => code);
  if (title === undefined || file === undefined || source === undefined) return undefined;
  const lines = /^(\d+)-(?:[\d, -]*\D)?(\d+)$/.exec(field(before, 'Lines') ?? '');
  return {
    title: plain(title),
    type: plain(field(before, 'Type') ?? ''),
    file,
    lines: lines ? { first: Number(lines[1]), last: Number(lines[2]) } : undefined,
    source,
    ...(furtherSources.length > 0 && { furtherSources }),
  };
}

/** The text up to the next heading that is not in code. */
function sourcePart(text: string): string {
  const tracker = new FenceTracker();
  const lines = text.split('\n');
  const end = lines.findIndex((line) => tracker.read(line) === 'text' && line.startsWith('## '));
  return end < 0 ? text : lines.slice(0, end).join('\n');
}

/** The text of a page without header, source and closing line. */
export function pageBody(text: string): string {
  const [, behind] = split(normalizeNewlines(text), '\n## Source\n');
  const first = behind.indexOf('\n## ');
  return first < 0
    ? ''
    : behind
        .slice(first)
        .replace(/\n---\n\n\*Written by [^\n]*\*\s*$/, '')
        .trim();
}

/** Whether the source shown on a page is no longer in its file. */
export function isStale({ source, furtherSources = [] }: PageFacts, fileText: string): boolean {
  const now = trimmedLines(fileText);
  return [source, ...furtherSources].some((shown) => !now.includes(trimmedLines(shown)));
}

/** With a line break before and after each line. */
function trimmedLines(text: string): string {
  const lines = linesOf(text).map((line) => line.trim());
  return `\n${lines.join('\n')}\n`;
}

function field(header: string, name: string): string | undefined {
  return new RegExp(String.raw`^- \*\*${name}:\*\* (.+)$`, 'm').exec(header)?.[1]?.trim();
}

function codeSpanContent(value: string | undefined): string | undefined {
  return /^(`+) ?(.+?) ?\1$/.exec(value ?? '')?.[2];
}

/** The inverse of `escapeMarkdown`. */
function plain(text: string): string {
  return text.replaceAll(/\\([\\`*[\]<>~|&_])/g, '$1').trim();
}

function split(text: string, mark: string): [before: string, behind: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length - 1)];
}
