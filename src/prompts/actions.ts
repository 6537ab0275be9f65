import { promptHintOf } from '../code/docCommentStyles.ts';
import { clipped } from '../text/clip.ts';
import { codeSpan, fenceFor } from '../text/markdown.ts';
import { pageInstruction, pageKindOf } from './pageKinds.ts';
import type { Subject } from '../code/subject.ts';

export const actionIds = [
  'explain',
  'findBugs',
  'suggestImprovements',
  'writeTests',
  'ask',
  'writeDocumentationPage',
  'addDocComment',
  'fix',
  'improve',
  'edit',
  'explainProblem',
  'fixProblem',
  'document',
  'own',
] as const;

export type ActionId = (typeof actionIds)[number];

type Instruction = (subject: Subject, question: string) => string;

/** Most characters of a name quoted in a prompt. Some outlines name a symbol by half of its text. */
const nameChars = 100;

/** The instruction for the form of an answer that will replace code. */
const asNewCode = (
  subject: Subject,
): string => `Answer with exactly one code block${fencing(subject)}. It holds the complete \
new text of ${subjectPhrase(subject)}, ready to take its place: nothing left out, no placeholders, no line \
numbers, and no code from around it. Change no more than the task needs, and keep the indentation. After the \
block, say in one or two sentences what you changed. If nothing needs to change, say so and give no code block.`;

/** Code that contains fences needs a longer fence, or the end of the answer's code would be unclear. */
function fencing({ code }: Subject): string {
  const fence = fenceFor(code);
  return fence.length > 3
    ? `, between two lines of ${fence.length} backticks (\`\`\` fences are inside the code, so the ones around it must be ${fence})`
    : '';
}

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

  addDocComment: (subject) => `Write a doc comment for ${subjectPhrase(subject)}.
${promptHintOf(subject)}
Say what its callers must know, not how it works line by line. Answer with the text of the comment alone: no \
code, no code fence, no comment marks, nothing before or after it.`,

  fix: (subject) => `Fix the bugs in ${subjectPhrase(subject)}.
Only real defects: wrong results, unhandled errors and edge cases, leaks, races, security holes.
${asNewCode(subject)}`,

  improve: (subject) => `Improve ${subjectPhrase(subject)}.
Make it easier to read, simpler, more robust or faster, where that is worth a change. What it does, and how \
it is called, must stay the same.
${asNewCode(subject)}`,

  edit: (subject, instruction) => `Change ${subjectPhrase(subject)} as follows:

${instruction}

${asNewCode(subject)}`,

  explainProblem: (
    subject,
    problems,
  ) => `Explain what was reported in ${subjectPhrase(subject)} by the programmer's tools:

${problems}

Say what it means, why it is reported here, and what the smallest change is that fixes it.`,

  fixProblem: (
    subject,
    problems,
  ) => `Fix what was reported in ${subjectPhrase(subject)} by the programmer's tools:

${problems}

${asNewCode(subject)}`,

  document: (subject) => `${documentTask(subject)}
${asNewCode(subject)}`,

  own: (subject, instruction) => `Do this with ${subjectPhrase(subject)}:

${instruction}`,
};

/** Doc comments inside the code itself; `addDocComment` asks only for the text of one. */
function documentTask(subject: Subject): string {
  const what =
    subject.kind === 'file' || subject.kind === 'selection'
      ? `Add doc comments to the declarations in ${subjectPhrase(subject)} that have none.`
      : `Add a doc comment to ${subjectPhrase(subject)}, or renew the one it has.`;
  return `${what}
${promptHintOf(subject)}
Say what callers must know, not how it works line by line. Change nothing but doc comments.`;
}

/** The task for the model: the last part of the prompt, and the only part that depends on the action. */
export function instructionFor(action: ActionId, subject: Subject, question: string): string {
  return instructions[action](subject, question.trim());
}

/** A phrase for the subject, for use in a sentence. */
export function subjectPhrase(subject: Subject): string {
  switch (subject.kind) {
    case 'selection':
      return 'the selected code';
    case 'symbol':
      return `the ${subject.symbolKind ?? 'symbol'} ${codeSpan(clipped(subject.name, nameChars))}`;
    case 'file':
      return 'the file';
  }
}
