import type { DeclaredSymbol } from './declarationTypes.ts';

/** A part of a component or page: its tags and the text between them. */
export interface MarkupPart {
  tag: 'template' | 'script' | 'style' | (string & {});
  attributes: string;
  start: number;
  end: number;
  /** The text between the tags. */
  inner: { start: number; end: number };
}

const tags = /<(\/?)([a-z][\w:-]*)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const structure = /^(?:html|head|body|header|main|footer|nav|aside|form|table|dialog|title)$/;
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

const blank = (part: string): string => part.replaceAll(/[^\r\n]/g, ' ');

/** The text with blank comments, scripts and styles. */
function blanked(text: string): string {
  const plain = withBlanked(text, /<!--/g, () => '-->');
  return withBlanked(plain, /<(script|style)\b[^<>]*>/gi, ([, tag = '']) => `</${tag.toLowerCase()}`);
}

/**
 * Blanks the text between an opening mark and its closing mark. Without a closing mark, nothing is blanked.
 */
function withBlanked(text: string, opening: RegExp, closing: (opened: RegExpExecArray) => string): string {
  const lower = text.toLowerCase();
  const pieces: string[] = [];
  let at = 0;
  for (let opened = opening.exec(text); opened; opened = opening.exec(text)) {
    const from = opened.index + opened[0].length;
    const end = lower.length === text.length ? lower.indexOf(closing(opened), from) : -1;
    if (end < 0) break;
    pieces.push(text.slice(at, from), blank(text.slice(from, end)));
    at = end;
    opening.lastIndex = end;
  }
  return pieces.join('') + text.slice(at);
}

type Wanted = (tag: string, attributes: string, at: number) => boolean;

/** The elements that pass a test, by their start. An element without an end is skipped. */
function elementsIn(text: string, wanted: Wanted): MarkupPart[] {
  const found: MarkupPart[] = [];
  const open = new Map<string, (MarkupPart | undefined)[]>();
  for (const { index, 0: whole, 1: slash, 2: name = '', 3: attributes = '' } of blanked(text).matchAll(
    tags,
  )) {
    const tag = name.toLowerCase();
    const end = index + whole.length;
    const waiting = open.get(tag) ?? [];
    open.set(tag, waiting);
    if (slash) {
      const part = waiting.pop();
      if (part) found.push({ ...part, end, inner: { start: part.inner.start, end: index } });
      continue;
    }
    const isEmpty = whole.endsWith('/>') || empty.test(tag);
    const part = { tag, attributes: attributes.trim(), start: index, end, inner: { start: end, end } };
    const isWanted = wanted(tag, attributes, index);
    if (isEmpty && isWanted) found.push(part);
    else if (!isEmpty) waiting.push(isWanted ? part : undefined);
  }
  return found.toSorted((a, b) => a.start - b.start);
}

/**
 * The parts of a Vue or Svelte component: elements without indentation. Of a page: its scripts and styles.
 */
export function partsOf(text: string, languageId: string): MarkupPart[] {
  let end = 0;
  const isComponent = languageId === 'vue';
  return elementsIn(text, (tag) => isComponent || tag === 'script' || tag === 'style').filter((part) => {
    const isOuter = part.start >= end;
    if (isOuter) end = part.end;
    return isOuter;
  });
}

/** The parts of a page or component, its elements with an id, and its structural elements. */
export function elementsOf(text: string, languageId: string): DeclaredSymbol[] {
  const parts = partsOf(text, languageId);
  const outer = new Set(parts.map(({ start }) => start));
  const named = elementsIn(
    text,
    (tag, attributes, at) => outer.has(at) || structure.test(tag) || /\bid\s*=/.test(attributes),
  );
  return named.map(({ tag, attributes, start, end, inner }) => {
    const id = /(?<![\w:-])id\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1];
    const kind = parts.length > 0 && outer.has(start) && /\b(?:setup|module)\b/.exec(attributes)?.[0];
    const name = id === undefined ? `<${tag}${kind ? ` ${kind}` : ''}>` : `#${id}`;
    const signature = id === undefined ? undefined : 'id';
    return {
      name,
      kind: 'part',
      docStart: start,
      start,
      headStart: start,
      end,
      children: [],
      body: inner,
      signature,
    } satisfies DeclaredSymbol;
  });
}

/** VS Code's language id for a part. */
export function languageOfPart({ tag, attributes }: MarkupPart): string {
  const lang = /\blang\s*=\s*["']?([\w-]+)/.exec(attributes)?.[1]?.toLowerCase();
  const type = /\btype\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1];
  if (tag === 'script')
    return lang === 'ts' || lang === 'tsx'
      ? 'typescript'
      : type && !/javascript|module/.test(type)
        ? 'plaintext'
        : 'javascript';
  if (tag === 'style') return lang ?? 'css';
  return tag === 'template' ? 'html' : 'plaintext';
}
