/** Longest first line, and longest line of the text below it, in characters, as Git's own tools show them. */
const subjectChars = 72;

/** A first line that is too long goes on below, at a space. */
export function layOut(subject: string, body: string, complete: boolean): string {
  if (subject.length <= subjectChars) return [subject, ...(body ? [wrapped(body)] : [])].join('\n\n');
  const room = subject.slice(0, subjectChars);
  const blank = room.lastIndexOf(' ');
  const head = subject.slice(0, blank > subjectChars / 2 ? blank : subjectChars - 1);
  const rest = subject.slice(head.length).trim();
  const more = `…${rest}${body ? `\n\n${body}` : ''}`;
  return `${head.slice(0, subjectChars - 1)}…${complete || rest ? `\n\n${wrapped(more)}` : ''}`;
}

/** At most 72 characters a line where there are spaces. */
export function wrapped(text: string): string {
  return text.split('\n').flatMap(wrappedLine).join('\n');
}

/** Only at spaces; the lines of a list's entry stand below its text. Indented lines may be code and stay. */
function wrappedLine(line: string): string[] {
  if (line.length <= subjectChars || /^(?: {4}|\t)/.test(line)) return [line.trimEnd()];
  const indent = ' '.repeat(/^\s*(?:[-*] |\d+\. )?/.exec(line)?.[0].length ?? 0);
  const lines: string[] = [];
  let current = '';
  for (const word of line.trimEnd().split(/(?<=\S) +/)) {
    if (current && current.length + 1 + word.length > subjectChars) {
      lines.push(current);
      current = indent + word;
    } else current = current ? `${current} ${word}` : word;
  }
  return [...lines, current];
}
