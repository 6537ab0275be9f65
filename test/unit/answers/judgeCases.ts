// Answers as models write them, and the expected judgment. The code to replace is between ⟦ and ⟧, else the
// whole file.

/** The expected result: a reason to refuse, or one piece of the file and its replacement. */
export type Expected =
  | string
  | { old: string; now: string; removes?: string[]; adds?: string[]; isRestricted?: true };

export interface Case {
  name: string;
  id: string;
  file: string;
  answer: string;
  becomes: Expected;
}

const fenced = (tag: string, code: string): string =>
  `Here it is:\n\n\`\`\`\`${tag}\n${code}\n\`\`\`\`\n\nI made it clearer.`;
export const row = (
  name: string,
  id: string,
  file: string,
  code: string,
  becomes: Expected,
  tag = '',
): Case => ({
  name,
  id,
  file,
  answer: fenced(tag, code),
  becomes,
});
export const told = (name: string, id: string, file: string, answer: string, becomes: Expected): Case => ({
  name,
  id,
  file,
  answer,
  becomes,
});

/** The text with a piece of it marked as the code to replace. */
export const mark = (text: string, piece: string): string => text.replace(piece, () => `⟦${piece}⟧`);
