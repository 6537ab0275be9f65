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

/** Escapes a text for a regular expression. */
export const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
