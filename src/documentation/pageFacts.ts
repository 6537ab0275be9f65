import { codeBlocks } from '../text/codeBlocks.ts';
import { linesOf, normalizeNewlines } from '../text/markdown.ts';

/** What a documentation page says of itself in its header, as `pageHeader` writes it. */
export interface PageFacts {
  title: string;
  /** Such as `Class Documentation`. */
  type: string;
  /** Of its source, relative to the workspace. */
  file: string;
  /** Counted from 1, both inclusive; where it is missing, unknown. */
  lines: { first: number; last: number } | undefined;
  /** The source as the page shows it: a long one is cut. */
  source: string;
}

/** A page is read no further than this (in characters) for its header. */
const headChars = 40_000;

/** Reads the header of a page; undefined where the text is no page of ours. */
export function pageFactsIn(text: string): PageFacts | undefined {
  const head = normalizeNewlines(text.slice(0, headChars));
  const [before, behind] = split(head, '\n## Source\n');
  const title = /^# (.+)$/m.exec(before)?.[1];
  const file = codeSpanContent(field(before, 'File'));
  const source = codeBlocks(behind)[0]?.code;
  if (title === undefined || file === undefined || source === undefined) return undefined;
  const lines = /^(\d+)-(\d+)$/.exec(field(before, 'Lines') ?? '');
  return {
    title: plain(title),
    type: plain(field(before, 'Type') ?? ''),
    file,
    lines: lines ? { first: Number(lines[1]), last: Number(lines[2]) } : undefined,
    source,
  };
}

/** What a page says about the code, without header, source and closing line. */
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

/** Whether the source of a page is no longer in its file as the page shows it. */
export function isStale({ source }: PageFacts, fileText: string): boolean {
  const [shown, now] = [source, fileText].map((text) =>
    linesOf(text)
      .map((line) => line.trim())
      .join('\n'),
  );
  return !`\n${now}\n`.includes(`\n${shown}\n`);
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
