import type { DeclaredSymbol } from './declarationTypes.ts';

/** A part of a component or a page: its tags and what stands between them. */
export interface MarkupPart {
  tag: 'template' | 'script' | 'style' | (string & {});
  attributes: string;
  start: number;
  end: number;
  /** Between the tags. */
  inner: { start: number; end: number };
}

const opening = /<([a-z][\w:-]*)\b((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const structure = /^(?:html|head|body|header|main|footer|nav|aside|form|table|dialog|title)$/;
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

const blank = (part: string): string => part.replaceAll(/[^\r\n]/g, ' ');

/** The text with its comments and the insides of scripts and styles blanked. */
function blanked(text: string): string {
  const bare = text.replaceAll(/<!--[^]*?-->/g, blank);
  return bare.replaceAll(
    /(<(script|style)\b[^>]*>)([^]*?)(?=<\/\2\s*>)/gi,
    (_, tag: string, _name, code: string) => tag + blank(code),
  );
}

/** Where an element whose opening tag ends at an offset is closed; undefined where it never is. */
function closeOf(masked: string, tag: string, from: number): { start: number; end: number } | undefined {
  const tags = new RegExp(`<(/?)${tag}\\b(?:[^<>"']|"[^"]*"|'[^']*')*>`, 'gi');
  tags.lastIndex = from;
  let depth = 1;
  for (let found = tags.exec(masked); found; found = tags.exec(masked)) {
    if (!found[0].endsWith('/>')) depth += found[1] ? -1 : 1;
    if (depth === 0) return { start: found.index, end: found.index + found[0].length };
  }
  return undefined;
}

/** Elements, outermost first, that a test finds worth it. */
function elementsIn(
  text: string,
  wanted: (tag: string, attributes: string, at: number) => boolean,
): MarkupPart[] {
  const masked = blanked(text);
  const found: MarkupPart[] = [];
  for (const { index, 0: whole, 1: tag = '', 2: attributes = '' } of masked.matchAll(opening)) {
    if (!wanted(tag.toLowerCase(), attributes, index)) continue;
    const from = index + whole.length;
    const isEmpty = whole.endsWith('/>') || empty.test(tag.toLowerCase());
    const close = isEmpty ? { start: from, end: from } : closeOf(masked, tag, from);
    if (close)
      found.push({
        tag: tag.toLowerCase(),
        attributes: attributes.trim(),
        start: index,
        end: close.end,
        inner: { start: from, end: close.start },
      });
  }
  return found;
}

/** The parts of a Vue or Svelte component: the elements at the margin, or the scripts and styles of a page. */
export function partsOf(text: string, languageId: string): MarkupPart[] {
  let end = 0;
  const isComponent = languageId === 'vue';
  return elementsIn(text, (tag) => isComponent || tag === 'script' || tag === 'style').filter((part) => {
    const isOuter = part.start >= end;
    if (isOuter) end = part.end;
    return isOuter;
  });
}

/** What a page or a component consists of: its parts, what has an id, and the elements that make its structure. */
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

/** The language of a part, as VS Code calls it. */
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
