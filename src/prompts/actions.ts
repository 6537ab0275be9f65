import { codeSpan } from './markdown.ts';
import { pageInstruction, pageKindOf } from './pageKinds.ts';
import type { Subject } from './subject.ts';

export const actionIds = [
  'explain',
  'findBugs',
  'suggestImprovements',
  'writeTests',
  'ask',
  'writeDocumentationPage',
] as const;

export type ActionId = (typeof actionIds)[number];

type Instruction = (subject: Subject, question: string) => string;

/** Longest name quoted in a prompt; some outlines name a symbol by half its text. */
const nameChars = 100;

const instructions: Record<ActionId, Instruction> = {
  explain: (subject) => `Explain ${subjectPhrase(subject)}.
Begin with one or two sentences on what it is for. Then say how it works, step by step, and what goes in, \
what comes out, which side effects it has and which errors can happen. End with whatever would surprise a \
reader, if there is anything. Do not repeat the code.`,

  findBugs: (subject) => `Review ${subjectPhrase(subject)} for bugs.
Report only real defects: wrong results, unhandled errors and edge cases, leaks, races, security holes. No \
matters of style. Put the worst first. For each, give a heading that names the place, then what goes wrong and \
with which input, and the smallest change that fixes it. If you find none, say so in one sentence and name \
what you checked.`,

  suggestImprovements: (subject) => `Suggest improvements to ${subjectPhrase(subject)}.
Give at most five, the most valuable first, for readability, simplicity, robustness or speed. For each, say \
what to change and why it is better, and show the changed code in a short code block. The behavior must stay \
the same. If it is good as it is, say so.`,

  writeTests: (subject) => `Write unit tests for ${subjectPhrase(subject)}.
Use the test framework that the code already uses, else the most common one for its language. Give one \
complete code block that can be run, with its imports. Cover the normal cases, the edge cases and the errors; \
name each test for the behavior it checks. After the block, list in a few words what is not covered.`,

  ask: (subject, question) => `Answer this question about ${subjectPhrase(subject)}:

${question}`,

  writeDocumentationPage: (subject) => pageInstruction(pageKindOf(subject), subjectPhrase(subject)),
};

/** What the model is to do: the last part of the prompt, and the only part in which actions differ. */
export function instructionFor(action: ActionId, subject: Subject, question: string): string {
  return instructions[action](subject, question.trim());
}

/** What is asked about, as words in a sentence. */
export function subjectPhrase(subject: Subject): string {
  switch (subject.kind) {
    case 'selection':
      return 'the selected code';
    case 'symbol':
      return `the ${subject.symbolKind ?? 'symbol'} ${codeSpan(clipped(subject.name))}`;
    case 'file':
      return 'the file';
  }
}

function clipped(name: string): string {
  return name.length > nameChars ? `${name.slice(0, nameChars)}...` : name;
}
