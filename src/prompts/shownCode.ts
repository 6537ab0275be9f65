import type { Subject } from '../code/subject.ts';
import { codeSpan, linesOf } from '../text/markdown.ts';
import { encodeControlTokens } from './controlTokens.ts';

/**
 * Whether the prompts that were sent show a subject as it is now, at the same lines, so that it need not be sent again.
 * Of a whole file, what was shown of it counts: where it did not fit then, it does not fit now. What was shown last of
 * the file must be so still, or the model would take another state of it for the newest.
 */
export function isShown(prompts: readonly string[], subject: Subject): boolean {
  const lines = linesOf(encodeControlTokens(subject.fileText));
  const parts = prompts.flatMap((prompt) => shownParts(prompt, subject.path));
  const current = parts.filter((part) => isCurrent(part, lines));
  const newest = parts.at(-1);
  return newest !== undefined && current.includes(newest) && current.some((part) => covers(part, subject));
}

function isCurrent({ first, last, text }: ShownPart, lines: readonly string[]): boolean {
  const shown = linesOf(text);
  if (last === undefined && shown.length !== lines.length) return false;
  return lines.slice(first - 1, last).join('\n') === shown.join('\n');
}

function covers({ first, last = Infinity }: ShownPart, { kind, firstLine, lastLine }: Subject): boolean {
  return kind === 'file' || (first <= firstLine && lastLine <= last);
}

interface ShownPart {
  /** Counted from 1; `last` is undefined where it is the whole file. */
  first: number;
  last: number | undefined;
  text: string;
}

/** What a prompt shows of a file, by the headers of `renderExcerpt`. */
function shownParts(prompt: string, path: string): ShownPart[] {
  const header = encodeControlTokens(`File: ${codeSpan(path)} (`);
  const parts: ShownPart[] = [];
  for (let at = prompt.indexOf(header); at >= 0; at = prompt.indexOf(header, at + 1)) {
    const part = partAt(prompt, at + header.length);
    if (part) parts.push(part);
  }
  return parts;
}

function partAt(prompt: string, at: number): ShownPart | undefined {
  const [heading = '', ...lines] = prompt.slice(at).split('\n');
  const opening = lines.findIndex((line) => line.startsWith('```'));
  const fence = /^`+/.exec(lines[opening] ?? '')?.[0];
  // Behind the heading come a blank line, perhaps one that says what was left out, and the fence.
  if (!fence || opening > 2) return undefined;
  const closing = lines.indexOf(fence, opening + 1);
  const text = lines.slice(opening + 1, closing).join('\n');
  const range = /lines? (\d+)(?:-(\d+))? of \d+\)$/.exec(heading);
  if (!range) return { first: 1, last: undefined, text };
  const first = Number(range[1]);
  return { first, last: Number(range[2] ?? first), text };
}
