// What is active in a Markdown text according to markdown-it, which previews use: with HTML, every scheme,
// and what extensions add.
import MarkdownIt from 'markdown-it';

type Token = ReturnType<MarkdownIt['parse']>[number];
type Extension = (parser: MarkdownIt) => void;

/** `$…$` and `$$…$$`, also over several lines. */
const formulas: Extension = ({ inline, block }) => {
  inline.ruler.after('escape', 'formula', (state, silent) => {
    const [all, marks = ''] = /^(\$\$?)(?:\\[^]|[^$\\])+?\1/.exec(state.src.slice(state.pos)) ?? [];
    if (!all) return false;
    if (!silent) state.push('formula', 'math', 0).content = all.slice(marks.length, -marks.length);
    state.pos += all.length;
    return true;
  });
  block.ruler.before(
    'fence',
    'formulaBlock',
    (state, start, end, silent) => {
      const lineOf = (line: number): string =>
        state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
      if (!lineOf(start).startsWith('$$')) return false;
      if (silent) return true;
      const closed = /\$\$\s*$/.test(lineOf(start).slice(2));
      let last = start;
      if (!closed) while (last + 1 < end && !lineOf(++last).includes('$$'));
      const lines = Array.from({ length: last - start + 1 }, (_, index) => lineOf(start + index));
      state.push('formula', 'math', 0).content = lines.join('\n');
      state.line = last + 1;
      return true;
    },
    { alt: ['paragraph', 'blockquote', 'list'] },
  );
};

/** The start of a container, admonition, diagram or included file. */
const directives: Extension = ({ block }) => {
  const rule: Parameters<typeof block.ruler.before>[2] = (state, line, _end, silent) => {
    const text = state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]);
    if (!/^(?::::|!!!|\?\?\?|@start|@import|@\[|<<<)/.test(text)) return false;
    if (!silent) state.push('directive', '', 0).content = text;
    state.line = line + 1;
    return true;
  };
  block.ruler.before('paragraph', 'directive', rule, { alt: ['paragraph', 'blockquote', 'list'] });
};

function reader(...extensions: Extension[]): MarkdownIt {
  const parser = new MarkdownIt({ html: true, linkify: true });
  parser.validateLink = () => true;
  // Keeps escaped text separate, as extensions see it.
  parser.core.ruler.disable('text_join');
  for (const extension of extensions) extension(parser);
  return parser;
}

const readers = [reader(), reader(formulas), reader(directives), reader(formulas, directives)];

/** Names that something renders, runs or includes. */
const drawnNames =
  /^(?:mermaid|plantuml|puml|dot|graphviz|viz|vega(?:-lite)?|wavedrom|geojson|topojson|stl|math|katex|latex|svg|abc|flow|sequence|chart|echarts|d2|kroki|ditaa|nomnoml|ad-\w+)$/i;

function fencePower(info: string): string[] {
  const isName = /^[\w+#.-]*$/.test(info.trim());
  return isName && !drawnNames.test(info.trim()) ? [] : [`fence ${info}`];
}

function linkPower(href: string): string[] {
  if (/^(?:https?|mailto):/i.test(href)) return [];
  // Brackets are in no scheme, not even encoded.
  const mayBeScheme = /^[^/?#()[\]]*:/.test(href.replaceAll(/%5[BD]|%2[89]/g, '('));
  return mayBeScheme || /^[/\\]{2}/.test(href) ? [`link ${href}`] : [];
}

const formulaCommand = /(?<!\\)(?:\\\\)*\\(?:href|url|includegraphics|html[A-Z]\w+)(?![a-zA-Z])/;
const braces = /\{[^{}]*\b(?:style|src|href|onclick)\s*=/;

function powerOf(token: Token): string[] {
  switch (token.type) {
    case 'html_block':
    case 'html_inline':
    case 'directive':
      return [`${token.type} ${token.content}`];
    case 'image':
      return [`image ${token.attrGet('src')}`];
    case 'fence':
      return fencePower(token.info);
    case 'formula':
      return formulaCommand.test(token.content) ? [`formula ${token.content}`] : [];
    case 'text':
      return braces.test(token.content) ? [`attributes ${token.content}`] : [];
    case 'link_open':
      return linkPower(token.attrGet('href') ?? '');
    default:
      return [];
  }
}

export function tokensOf(text: string, parser = readers[0]!): Token[] {
  return parser.parse(text, {}).flatMap((token) => [token].concat(token.children ?? []));
}

/** Everything in a text that is active in some interpretation. */
export function powersOf(text: string): string[] {
  return readers.flatMap((parser) => tokensOf(text, parser).flatMap(powerOf));
}
