import { normalizeNewlines } from './markdown.ts';

/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** The first word after the opening fence, in lower case; empty where there is none. */
  tag: string;
  /** Without the line break before the closing fence; lines end with `\n`. */
  code: string;
  /** False where the text ends before the closing fence. */
  closed: boolean;
}

interface Fence {
  indentation: string;
  marks: string;
  info: string;
}

/** Inside these, a fence with a word after it opens a block of its own. */
const markdownTags = new Set(['markdown', 'md', 'mdx']);
/** CommonMark: a closing fence stands at most so many blanks deeper than the opening one. */
const closingDepth = 3;

/** Every fenced block, in order. A block that is indented, for instance in a list, loses that indentation. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const lines = normalizeNewlines(markdown).split('\n');
  const blocks: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const open = fenceIn(lines[at] ?? '');
    if (!open) continue;
    const end = endOf(lines, at + 1, open);
    blocks.push({
      tag: tagOf(open),
      code: lines
        .slice(at + 1, end ?? lines.length)
        .map((line) => outdented(line, open))
        .join('\n'),
      closed: end !== undefined,
    });
    at = end ?? lines.length;
  }
  return blocks;
}

function fenceIn(line: string): Fence | undefined {
  const [whole, indentation = '', marks = '', info = ''] =
    /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`]*)$/.exec(line) ?? [];
  return whole === undefined ? undefined : { indentation, marks, info };
}

function tagOf({ info }: Fence): string {
  return /[\w+#.-]*\w[\w+#]*/.exec(info.replace(/^\{?\.?/, ''))?.[0].toLowerCase() ?? '';
}

function endOf(lines: string[], from: number, open: Fence): number | undefined {
  const nests = markdownTags.has(tagOf(open));
  let depth = 0;
  for (let at = from; at < lines.length; at++) {
    const fence = fenceIn(lines[at] ?? '');
    if (!fence) continue;
    const closes = isClosing(fence, open);
    if (closes && depth === 0) return at;
    if (nests && fence.marks.startsWith(open.marks)) depth += fence.info ? 1 : closes ? -1 : 0;
  }
  return undefined;
}

function isClosing({ indentation, marks, info }: Fence, open: Fence): boolean {
  return (
    marks.startsWith(open.marks) &&
    info.trim() === '' &&
    indentation.length <= open.indentation.length + closingDepth
  );
}

function outdented(line: string, { indentation }: Fence): string {
  const own = /^[ \t]*/.exec(line)![0].length;
  return line.slice(Math.min(own, indentation.length));
}
