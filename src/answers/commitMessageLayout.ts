/** Most characters of the subject line, and of a line below it, as Git's own tools display them. */
const subjectChars = 72;

/** A subject line that is too long is broken at a space. */
export function layOut(subject: string, body: string, complete: boolean): string {
  if (subject.length <= subjectChars) return [subject, ...(body ? [wrapped(body)] : [])].join('\n\n');
  const room = subject.slice(0, subjectChars);
  const blank = room.lastIndexOf(' ');
  const head = subject.slice(0, blank > subjectChars / 2 ? blank : subjectChars - 1);
  const rest = subject.slice(head.length).trim();
  const more = `…${rest}${body ? `\n\n${body}` : ''}`;
  return `${head.slice(0, subjectChars - 1)}…${complete || rest ? `\n\n${wrapped(more)}` : ''}`;
}

/** At most 72 characters per line, where there are spaces. */
export function wrapped(text: string): string {
  return text.split('\n').flatMap(wrappedLine).join('\n');
}

/**
 * Breaks only at spaces. Continued lines of a list item are indented to its text. Indented lines may be code
 * and stay unchanged.
 */
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
