import type { Subject } from '../code/subject.ts';
import { fenceIn } from '../text/fences.ts';
import { codeSpan, linesOf } from '../text/markdown.ts';
import { encodeControlTokens } from './controlTokens.ts';

/**
 * Whether the sent prompts contain a subject in its current state at the same lines, so that it need not be
 * sent again. For a whole file, the part that was sent counts, because the rest would not fit now either. The
 * latest version that was sent must be the current one, or the model would use an older one.
 */
export function isShown(prompts: readonly string[], subject: Subject): boolean {
  const lines = linesOf(encodeControlTokens(subject.fileText));
  const parts = prompts.flatMap((prompt) => shownParts(prompt, subject.path));
  const current = parts.filter((part) => isCurrent(part, lines));
  const newest = parts.at(-1);
  return newest !== undefined && current.includes(newest) && current.some((part) => covers(part, subject));
}

function isCurrent({ first, last, lines }: ShownPart, now: readonly string[]): boolean {
  if (last === undefined && lines.length !== now.length) return false;
  return now.slice(first - 1, last).join('\n') === lines.join('\n');
}

function covers({ first, last = Infinity }: ShownPart, { kind, firstLine, lastLine }: Subject): boolean {
  return kind === 'file' || (first <= firstLine && lastLine <= last);
}

interface ShownPart {
  /** Counted from 1; `last` is undefined for a whole file. */
  first: number;
  last: number | undefined;
  lines: string[];
}

/**
 * The parts of a file in a prompt, by the headers of `renderExcerpt`. Text that looks like a header inside
 * the code does not count.
 */
function shownParts(prompt: string, path: string): ShownPart[] {
  const header = encodeControlTokens(`File: ${codeSpan(path)} (`);
  const parts: ShownPart[] = [];
  let lines = prompt.split('\n');
  for (let at = nextHeader(lines); at >= 0; at = nextHeader(lines)) {
    const heading = lines[at] ?? '';
    const { part, rest } = partBehind(heading, lines.slice(at + 1));
    if (part && heading.startsWith(header)) parts.push(part);
    lines = rest;
  }
  return parts;
}

function nextHeader(lines: readonly string[]): number {
  return lines.findIndex((line) => line.startsWith('File: `'));
}

function partBehind(heading: string, lines: string[]): { part?: ShownPart; rest: string[] } {
  const opening = lines.findIndex((line) => fenceIn(line) !== undefined);
  const fence = fenceIn(lines[opening] ?? '')?.marks;
  // After the heading come an empty line, perhaps a line about omissions, and the fence.
  if (!fence || opening > 2) return { rest: lines };
  const closing = lines.indexOf(fence, opening + 1);
  const code = lines.slice(opening + 1, closing);
  const rest = lines.slice(closing + 1);
  const range = /lines? (\d+)(?:-(\d+))? of \d+\)$/.exec(heading);
  if (!range) return { part: { first: 1, last: undefined, lines: code }, rest };
  const first = Number(range[1]);
  return { part: { first, last: Number(range[2] ?? first), lines: code }, rest };
}
