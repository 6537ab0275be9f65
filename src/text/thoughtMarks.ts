/** A pair of marks around thinking that a server has left in the answer. */
export interface ThoughtMarks {
  open: string;
  close: string;
}

const thoughtNames = ['think', 'thinking', 'thought', 'thoughts', 'reasoning', 'seed:think', 'mm:think'];

export const thoughtMarks: readonly ThoughtMarks[] = [
  ...thoughtNames.map((name) => ({ open: `<${name}>`, close: `</${name}>` })),
  { open: '[THINK]', close: '[/THINK]' },
  { open: '◁think▷', close: '◁/think▷' },
  { open: '<|think|>', close: '<|/think|>' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
  { open: '<|begin_of_thought|>', close: '<|end_of_thought|>' },
  { open: '<|channel>thought', close: '<channel|>' },
  { open: '<unused94>thought', close: '<unused95>' },
];

/** Sources of regular expressions. */
export const anyThoughtOpen = anyOf(thoughtMarks.map(({ open }) => open));
export const anyThoughtClose = anyOf(thoughtMarks.map(({ close }) => close));

/** The source of a regular expression for any of the texts, the longest possible one. */
export function anyOf(texts: readonly string[]): string {
  return texts
    .toSorted((one, other) => other.length - one.length)
    .map(escaped)
    .join('|');
}

/** Escapes a text for a regular expression. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
