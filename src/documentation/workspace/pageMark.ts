import { createHash } from 'node:crypto';

/** The data in an invisible comment of a page: its subject, and what it was made from. */
export interface PageMark {
  /** Path of the source, relative to the folder, with forward slashes. */
  path: string;
  symbol?: string;
  kind: string;
  /** Position of the source, counted from 0, both inclusive, and its language. */
  lines: { start: number; end: number };
  /** Positions of further declarations of the same name, such as overloads: one page is about all of them. */
  also?: readonly { start: number; end: number }[];
  languageId: string;
  /** Hash of the source from which the page was made. */
  source: string;
  model: string;
  /** Version of the prompt. */
  prompt: number;
  /** Hash of the page as written, without its mark. */
  page: string;
}

const fields: ReadonlySet<string> = new Set(
  'path symbol kind lines also languageId source model prompt page'.split(' '),
);

/** Identifies a page. */
export type PageIdentity = Pick<PageMark, 'path' | 'symbol' | 'kind'>;

/** The subject of a page, with everything needed to find its source again. */
export type PageSubject = Pick<PageMark, 'path' | 'symbol' | 'kind' | 'lines' | 'also' | 'languageId'>;

/** A page and its mark. */
export interface MarkedPage {
  mark: PageMark;
  /** Whether it was changed by someone else since it was written. */
  isTouched: boolean;
}

/** Characters in which the mark is searched, because a user may have added lines before it. */
const headChars = 8192;
const markLine = /^<!-- codeworm (\{.*\}) -->[ \t]*$/m;

/** One string per identity. */
export function pageKey({ path, symbol = '', kind }: PageIdentity): string {
  return `${path}\n${symbol}\n${kind}`;
}

/** SHA-256 of a text, as 32 hexadecimal digits. Line endings do not count, because Git may change them. */
export async function hashOf(text: string): Promise<string> {
  // Faster than the asynchronous one, which starts a thread's work for each of thousands of short texts.
  return createHash('sha256').update(withLineFeeds(text)).digest('hex').slice(0, 32);
}

/** A page with its mark as the first line. */
export async function markedPage(facts: Omit<PageMark, 'page'>, body: string): Promise<string> {
  const mark: PageMark = { ...facts, page: await hashOf(body) };
  return `<!-- codeworm ${inComment(mark)} -->\n${body}`;
}

/** Reads the mark of a page; `undefined` without a valid mark: then the text was not written by CodeWorm. */
export async function readMarkedPage(text: string): Promise<MarkedPage | undefined> {
  const whole = withLineFeeds(text);
  const found = markLine.exec(whole.slice(0, headChars));
  const mark = found ? parseMark(found[1]!) : undefined;
  if (!found || !mark) return undefined;
  const body = whole.slice(0, found.index) + whole.slice(found.index + found[0].length + 1);
  return { mark, isTouched: hasMore(mark) || (await hashOf(body)) !== mark.page };
}

/** JSON that can end neither the comment nor its line. */
function inComment(mark: PageMark): string {
  return JSON.stringify(mark).replaceAll(
    /[<>\u2028\u2029]|-(?=-)/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseMark(json: string): PageMark | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isMark(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a mark has fields of a user, or of another version, which a new mark would not have. */
function hasMore(mark: PageMark): boolean {
  return Object.keys(mark).some((field) => !fields.has(field));
}

function isMark(value: unknown): value is PageMark {
  if (!isPageSubject(value)) return false;
  const { source, model, prompt, page } = value as PageSubject & Record<string, unknown>;
  return [source, model, page].every((one) => typeof one === 'string') && typeof prompt === 'number';
}

/** Whether a value from a file is a valid subject of a page. Its path must not lead out of the folder. */
export function isPageSubject(value: unknown): value is PageSubject {
  if (typeof value !== 'object' || value === null) return false;
  const { path, symbol, kind, lines, also, languageId } = value as Record<string, unknown>;
  return (
    typeof path === 'string' &&
    !isOutside(path) &&
    (symbol === undefined || typeof symbol === 'string') &&
    typeof kind === 'string' &&
    isRange(lines) &&
    (also === undefined || (Array.isArray(also) && also.every(isRange))) &&
    typeof languageId === 'string'
  );
}

function isOutside(path: string): boolean {
  return /^(?:[/\\]|[a-z]:)/i.test(path) || path.split(/[/\\]/).includes('..');
}

function isRange(value: unknown): value is PageSubject['lines'] {
  return (
    typeof value === 'object' &&
    value !== null &&
    'start' in value &&
    'end' in value &&
    Number.isSafeInteger(value.start) &&
    Number.isSafeInteger(value.end)
  );
}

/** Only the fields of the subject. */
export function subjectIn({ path, symbol, kind, lines, also, languageId }: PageSubject): PageSubject {
  const named = symbol === undefined ? {} : { symbol };
  return { path, ...named, kind, lines, ...(also === undefined ? {} : { also }), languageId };
}

function withLineFeeds(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
}
