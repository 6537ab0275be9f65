import { factualNotes } from './facts.ts';
import type { Notes, Part } from './notes.ts';
import { samples } from './samples.ts';
import { readTask, type Task } from './task.ts';

/** The demo's answer to a prompt, in Markdown. */
export function demoAnswer(prompt: string): string {
  const task = readTask(prompt);
  const notes = samples[task.fileName] ?? factualNotes(task);
  switch (task.kind) {
    case 'explain':
      return explain(task, notes);
    case 'edit':
      return edit(task, notes);
    case 'bugs':
      return bugs(task, notes);
    case 'improve':
      return improve(task, notes);
    case 'tests':
      return tests(notes);
    case 'page':
      return page(task, notes);
    case 'comment':
      return notes.comments[task.symbol ?? nameOf(task, notes)] ?? `// ${notes.purpose}`;
    case 'commit':
      return notes.commit;
    case 'question':
      return question(task, notes);
  }
}

/** The thinking of the demo's thinking model. */
export function demoThinking(prompt: string): string {
  const task = readTask(prompt);
  const what = task.symbol ?? (task.fileName === '' ? 'the code' : task.fileName);
  return `The user asks about ${what}. I look at what goes in and what comes out, then at what could surprise.`;
}

/** The part asked about. For a selection, the part named by its first line. Undefined for the whole file. */
function partOf(task: Task, notes: Notes): Part | undefined {
  if (task.symbol !== undefined) return notes.parts.find(({ name }) => name === task.symbol);
  if (!task.isSelection) return undefined;
  const [firstLine = ''] = task.code.split('\n');
  return notes.parts.find(({ name }) => new RegExp(`\\b${name}\\b`).test(firstLine));
}

function nameOf(task: Task, notes: Notes): string {
  return partOf(task, notes)?.name ?? notes.parts[0]?.name ?? '';
}

/** A class counts as its whole file. */
function isWhole(task: Task, notes: Notes): boolean {
  const part = partOf(task, notes);
  return !notes.known || part === undefined || part.name === 'Inventory';
}

function explain(task: Task, notes: Notes): string {
  const surprise =
    notes.defect && concerns(task, notes) ? `**What may surprise:** ${notes.defect.text}` : undefined;
  if (!isWhole(task, notes)) {
    const { name, text, io, how } = partOf(task, notes)!;
    return blocks(`**\`${name}\`.** ${text}`, how, io, `**Errors:** ${errorsOf(task, notes)}`, surprise);
  }
  return blocks(
    notes.purpose,
    '### How it works',
    inside(task, notes),
    `**Errors:** ${notes.errors}`,
    surprise,
  );
}

function concerns(task: Task, notes: Notes): boolean {
  return isWhole(task, notes) || (notes.defect?.parts.includes(nameOf(task, notes)) ?? false);
}

function bugs(task: Task, notes: Notes): string {
  const { defect } = notes;
  if (defect && concerns(task, notes)) {
    return blocks(
      `### ${defect.title}`,
      defect.text,
      'The smallest change that fixes it:',
      fence(notes, defect.fix),
    );
  }
  if (!notes.known)
    return blocks('The demo server has no model and cannot look for bugs.', notes.purpose, notes.errors);
  const where = task.symbol === undefined ? 'here' : `in \`${task.symbol}\``;
  return blocks(
    `I found no defect ${where}. I checked the results, the errors and the edge cases.`,
    errorsOf(task, notes),
  );
}

function edit(task: Task, notes: Notes): string {
  const code = notes.edits.reduce((text, [before, after]) => text.replace(before, () => after), task.code);
  if (code === task.code && !notes.known)
    return blocks('The demo server has no model and cannot change code it does not know.', notes.purpose);
  if (code === task.code)
    return blocks('It is good as it is, as far as the demo server can tell.', notes.purpose);
  return blocks(fence(notes, code.trimEnd()), notes.defect?.text);
}

function improve(task: Task, notes: Notes): string {
  const name = isWhole(task, notes) ? '' : nameOf(task, notes);
  const improvements = notes.improvements.filter(({ title, text }) => `${title} ${text}`.includes(name));
  if (improvements.length === 0 && !notes.known)
    return blocks('The demo server has no model to suggest improvements.', notes.purpose);
  if (improvements.length === 0)
    return blocks(
      'It is good as it is, as far as the demo server can tell.',
      partOf(task, notes)?.text ?? notes.purpose,
    );
  return blocks(
    ...improvements.flatMap(({ title, text, code }, index) => [
      `### ${index + 1}. ${title}`,
      text,
      code === undefined ? undefined : fence(notes, code),
    ]),
  );
}

function tests(notes: Notes): string {
  return blocks(notes.tests.code === '' ? undefined : fence(notes, notes.tests.code), notes.tests.missing);
}

/** The note for a heading. The first match counts. */
const sections: [RegExp, (task: Task, notes: Notes) => string][] = [
  [/relation|depend|used here/i, (_, notes) => notes.relations],
  [/pattern/i, (_, notes) => notes.patterns],
  [/error|edge|secur|finding|remember/i, errorsOf],
  [
    /recommend|alternative|next/i,
    (_, notes) =>
      notes.improvements.length === 0
        ? 'The demo server has nothing to recommend.'
        : notes.improvements.map(({ title, text }) => `- **${title}.** ${text}`).join('\n'),
  ],
  [/usage|example/i, (_, notes) => (notes.usage === '' ? 'See its callers.' : fence(notes, notes.usage))],
  [
    /responsib|purpose|summary|overview|learned/i,
    (task, notes) => (isWhole(task, notes) ? notes.purpose : partOf(task, notes)!.text),
  ],
  [/work|time and|hot spot|structure/i, (task, notes) => partOf(task, notes)?.how ?? inside(task, notes)],
  [/interface|parameter|result/i, (task, notes) => partOf(task, notes)?.io ?? inside(task, notes)],
];

function errorsOf(task: Task, notes: Notes): string {
  return partOf(task, notes)?.errors ?? notes.errors;
}

/** The parts without the one that is the whole file. */
function inside(task: Task, notes: Notes): string {
  return list(notes.parts.filter(({ name }) => name !== task.symbol));
}

function page(task: Task, notes: Notes): string {
  const headings =
    task.headings.length > 0 ? task.headings : ['Responsibility and Purpose', 'Public Interface'];
  return blocks(
    ...headings.flatMap((heading) => {
      const section = sections.find(([pattern]) => pattern.test(heading));
      return [`## ${heading}`, section ? section[1](task, notes) : 'There is nothing to say about this.'];
    }),
  );
}

function question(task: Task, notes: Notes): string {
  const asked = task.question.split('\n')[0] ?? '';
  const named = notes.parts.filter(({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(asked));
  const about = named.length > 0 ? list(named) : notes.purpose;
  const errorsAsked = /error|fail|throw|raise|wrong|edge/i.test(asked) ? notes.errors : undefined;
  return blocks(
    about,
    errorsAsked,
    'This answer comes from the demo server; a real model would look closer at your question.',
  );
}

function list(parts: Part[]): string {
  return parts.length === 0
    ? 'No declarations are to be seen.'
    : parts.map(({ name, text }) => `- \`${name}\`: ${text}`).join('\n');
}

function fence(notes: Notes, code: string): string {
  return `\`\`\`${notes.language}\n${code}\n\`\`\``;
}

function blocks(...texts: (string | undefined)[]): string {
  return `${texts.filter((text) => text !== undefined && text !== '').join('\n\n')}\n`;
}
