import { PageText } from '../../answers/pageFormatter.ts';
import { isPageKind, pageHeadings } from '../../prompts/pageKinds.ts';
import { isSummaryKind, summaryHeadings } from '../../prompts/summaries.ts';
import { repeatsItself } from './repetition.ts';
import { unknownNamesIn } from './unknownNames.ts';

/** The problems of a page's text; all of them empty or false when it passes. */
export interface PageProblems {
  missingHeadings: string[];
  /** Names that do not occur in the source, as written on the page. */
  unknownNames: string[];
  empty: boolean;
  repeated: boolean;
}

/** Fewest letters of a meaningful text. */
const fewestLetters = 60;

/**
 * Checks the text of a page, as written by the model or as on the page.
 * @param source everything that the model was shown; names on the page must be in it
 */
export function checkPage(page: string, kind: string, source: string): PageProblems {
  const headings = headingsOf(kind);
  const sections = sectionsOf(formatted(ownText(page, headings), headings), headings);
  const text = [...sections.values()].join('\n\n').replaceAll(filler, '');
  return {
    missingHeadings: headings.filter((heading) => isSilent(sections.get(heading))),
    // A summary is about commits, whose words are not in a source.
    unknownNames: isSummaryKind(kind) ? [] : unknownNamesIn(text, source),
    empty: lettersOf(text) < fewestLetters,
    repeated: repeatsItself(text),
  };
}

/** Whether a page has passed. */
export function hasPassed({ missingHeadings, unknownNames, empty, repeated }: PageProblems): boolean {
  return missingHeadings.length === 0 && unknownNames.length === 0 && !empty && !repeated;
}

function headingsOf(kind: string): readonly string[] {
  if (isPageKind(kind)) return pageHeadings(kind);
  return isSummaryKind(kind) ? summaryHeadings(kind) : [];
}

/** Without the fields, the source and the closing line. */
function ownText(page: string, headings: readonly string[]): string {
  const text = page.replaceAll('\r', '');
  const closing = text.search(/\n---\n+\*Written by [^\n]*\*\s*(?:\n|$)/);
  const body = closing < 0 ? text : text.slice(0, closing + 1);
  if (!/^## Source$/m.test(body)) return body;
  const starts = headings.map((heading) => body.indexOf(`\n## ${heading}\n`)).filter((at) => at >= 0);
  return starts.length === 0 ? body : body.slice(Math.min(...starts) + 1);
}

function formatted(text: string, headings: readonly string[]): string {
  if (headings.length === 0) return text;
  const page = new PageText(headings);
  return page.add(text) + page.end(true);
}

/** The text below each heading. */
function sectionsOf(text: string, headings: readonly string[]): Map<string, string> {
  const sections = new Map<string, string>();
  let current = '';
  for (const line of text.split('\n')) {
    const heading = line.startsWith('## ') ? line.slice(3) : undefined;
    if (heading !== undefined && headings.includes(heading) && !sections.has(heading)) current = heading;
    else sections.set(current, `${sections.get(current) ?? ''}${line}\n`);
  }
  return sections;
}

/** Text for a heading that the model has left out. */
const filler = '*The model wrote nothing here.*';

function isSilent(text = ''): boolean {
  return lettersOf(text.replace(filler, '')) === 0;
}

function lettersOf(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}
