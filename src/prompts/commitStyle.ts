/** Fewer subject lines show no style. */
const fewest = 3;
/** The share of subject lines that must have a property to make it a style. */
const share = 0.6;

/** `feat(parser)!: ...` */
const conventional = /^[a-z]{2,12}(?:\([^()]*\))?!?: \S/;
/** `ABC-123 ...`, `[ABC-123] ...`, `#123 ...`, `ABC-123: ...` */
const ticket = /^\[?(?:[A-Z][A-Z0-9]+-\d+|#\d+)\]?:?\s/;
/** `parser: ...`, as in Go and Linux. */
const area = /^[\w./-]+(?:, ?[\w./-]+)*: \S/;

/** What the latest subject lines have in common, as sentences for the model; empty when there is nothing. */
export function commitStyle(subjects: readonly string[]): string {
  if (subjects.length === 0) return '';
  const facts = factsOf(subjects);
  const list = facts.length > 0 ? ` They ${facts.join(', ')}.` : '';
  return ` Follow the style and the language of the last commits, but not what they say.${list}`;
}

/** Whether the subject lines end with a full stop. */
export function endsInFullStop(subjects: readonly string[]): boolean {
  return isUsual(subjects, /[^.]\.$/);
}

function factsOf(subjects: readonly string[]): string[] {
  const isConventional = isUsual(subjects, conventional);
  const texts = subjects.map((subject) =>
    subject.replace(ticket, '').replace(area, (head) => head.slice(-1)),
  );
  return [
    ...(isUsual(subjects, ticket)
      ? ['begin with the number of a ticket (take it from the branch, else none)']
      : []),
    ...(isConventional ? ['begin with a type such as `feat:` or `fix:`'] : []),
    ...(!isConventional && isUsual(subjects, area)
      ? ['begin with the part of the code that changes and a colon']
      : []),
    ...(isUsual(texts, /^\p{Ll}/u) ? ['go on with a small letter'] : []),
    ...(isUsual(texts, /^\p{Lu}/u) ? ['go on with a capital letter'] : []),
    ...(endsInFullStop(subjects) ? ['end in a full stop'] : []),
  ];
}

function isUsual(texts: readonly string[], pattern: RegExp): boolean {
  const having = texts.filter((text) => pattern.test(text)).length;
  return texts.length >= fewest && having >= texts.length * share;
}
