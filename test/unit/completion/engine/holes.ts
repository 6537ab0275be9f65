// Cuts holes into source files, and writes what models answer for them.

/** A source file with a text cut out. */
export interface Hole {
  prefix: string;
  missing: string;
  suffix: string;
  /** Line of the cursor, from 1. */
  line: number;
}

const blank = (line: string): boolean => line.trim() === '';
export const depthOf = (line: string): number => /^[ \t]*/.exec(line)![0].replaceAll('\t', '    ').length;
const closing = /^\s*(?:[)\]}]|<\/|end\b|fi\b|done\b|esac\b)/;

function hole(lines: readonly string[], start: [line: number, column: number], last: number): Hole {
  const [line, column] = start;
  const prefix = [...lines.slice(0, line), lines[line]!.slice(0, column)].join('\n');
  const suffix = ['', ...lines.slice(last + 1)].join('\n');
  const missing = lines.join('\n').slice(prefix.length, lines.join('\n').length - suffix.length);
  return { prefix, missing, suffix, line: line + 1 };
}

/** The rest of a line, from every column with text. */
export function lineHoles(text: string): Hole[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const columns = Array.from(line, (_, column) => column).filter((column) => column >= line.search(/\S/));
    return blank(line) ? [] : columns.map((column) => hole(lines, [at, column], at));
  });
}

/** Whole blocks with their heads, and the content of blocks. */
export function blockHoles(text: string): Hole[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const end = endOfBlock(lines, at);
    if (blank(line) || closing.test(line) || end === at) return [];
    const inner = closing.test(lines[end]!) && depthOf(lines[end]!) === depthOf(line) ? end - 1 : end;
    const whole = hole(lines, [at, line.search(/\S/)], end);
    const isBlock = depthOf(lines[at + 1]!) > depthOf(line) && inner > at;
    return isBlock ? [whole, hole(lines, [at + 1, lines[at + 1]!.search(/\S/)], inner)] : [whole];
  });
}

function endOfBlock(lines: readonly string[], start: number): number {
  let end = start;
  for (let at = start + 1; at < lines.length; at++) {
    const line = lines[at]!;
    if (blank(line)) continue;
    if (depthOf(line) > depthOf(lines[start]!)) end = at;
    else return depthOf(line) === depthOf(lines[start]!) && closing.test(line) ? at : end;
  }
  return end;
}

/** The rest of a line as most models write it: with what follows, in a fence, with a token. */
export function lineAnswers({ missing, suffix, prefix }: Hole): string[] {
  const start = prefix.slice(prefix.lastIndexOf('\n') + 1).trimStart();
  return [
    missing,
    missing + suffix,
    `${missing}<|endoftext|>`,
    `\`\`\`\n${missing}\n\`\`\``,
    ...(start.length >= 8 ? [start + missing] : []),
  ];
}

/** Blocks with other indentations: twice as deep, with tabs, from the cursor's column, that column twice. */
export function blockAnswers({ missing, suffix, prefix }: Hole, unit: number): string[] {
  const base = depthOf(prefix.slice(prefix.lastIndexOf('\n') + 1));
  const indented = (change: (depth: number) => string): string =>
    missing
      .split('\n')
      .map((line, at) => (at === 0 || blank(line) ? line : change(depthOf(line)) + line.trimStart()))
      .join('\n');
  return [
    missing,
    missing + suffix,
    missing.replaceAll('\n', '\r\n'),
    indented((depth) => ' '.repeat(depth * 2)),
    indented((depth) => '\t'.repeat(Math.floor(depth / unit)) + ' '.repeat(depth % unit)),
    ...(base > 0 ? [indented((depth) => ' '.repeat(depth + base))] : []),
  ];
}
