/** What a prompt asks for, as far as it can be recognized without a model. */
export type TaskKind =
  | 'explain'
  | 'edit'
  | 'bugs'
  | 'improve'
  | 'tests'
  | 'page'
  | 'comment'
  | 'commit'
  | 'question';

export interface Task {
  kind: TaskKind;
  /** The last part of the file's path; empty when no file is named. */
  fileName: string;
  /** Language tag of the first code block. */
  language: string;
  /** The code asked about, or the part of it that was sent. */
  code: string;
  isSelection: boolean;
  /** The name of the symbol asked about; undefined for a file or a selection. */
  symbol: string | undefined;
  /** Headings that the instruction requires. */
  headings: string[];
  question: string;
}

/** By the start of the instruction. The first match counts. */
const kinds: [TaskKind, RegExp][] = [
  ['question', /^(answer (this|the) question|do this with)/i],
  ['explain', /^explain what was reported/i],
  ['edit', /^(fix|improve|change) /i],
  ['commit', /commit message/i],
  ['page', /documentation/i],
  ['comment', /\b(doc ?|docu)?comment/i],
  ['tests', /\btests?\b/i],
  ['bugs', /\b(bugs?|review|defects?)\b/i],
  ['improve', /\bimprove/i],
  ['explain', /\bexplain|\bdescribe|what does/i],
];

/** Reads the prompt from its end: the code comes first, the instruction last. */
export function readTask(prompt: string): Task {
  const file = /^File: `([^`]+)` \([^)]*?(?:lines (\d+)-\d+ of )?\d+(?: lines?)?\)/m.exec(prompt);
  const block = /^(`{3,})([\w+#-]*)\n([\s\S]*?)^\1$/m.exec(prompt);
  const about =
    /Your task is about (.*)$/m.exec(prompt.slice(prompt.lastIndexOf('\nYour task is about ')))?.[1] ?? '';
  const instruction = instructionOf(prompt, block);
  return {
    // A page may have the file's history before the instruction.
    kind: /^## /m.test(instruction) ? 'page' : kindOf(instruction),
    fileName: (file ?? /^File (\S+)/m.exec(block?.[3] ?? ''))?.[1]?.split('/').at(-1) ?? '',
    language: block?.[2] ?? '',
    code: codeAskedAbout(block?.[3] ?? prompt, about, Number(file?.[2] ?? 1)),
    isSelection: about.startsWith('the selected code'),
    symbol: /^the [\w ]+? `([^`]+)`/.exec(about)?.[1]?.split(/[.#]/).at(-1),
    headings: [...instruction.matchAll(/^## (.+)$/gm)].map((match) => match[1]!),
    question: instruction.replace(/^(answer|do this)[^\n]*\n/i, '').trim(),
  };
}

function kindOf(instruction: string): TaskKind {
  const [firstLine = ''] = instruction.split('\n');
  return kinds.find(([, pattern]) => pattern.test(firstLine))?.[0] ?? 'question';
}

/** The text after the last code block, without the sentence about the subject. */
function instructionOf(prompt: string, block: RegExpExecArray | null): string {
  const codeEnd = block ? block.index + block[0].length : 0;
  const lastFence = prompt.search(/^`{3,}\s*$(?![\s\S]*^`{3,}\s*$)/m);
  const tail = prompt.slice(Math.max(codeEnd, lastFence < 0 ? 0 : lastFence)).replace(/^`+/, '');
  return tail.replace(/^[\s\S]*?Your task is about .*$/m, '').trim();
}

function codeAskedAbout(text: string, about: string, firstLine: number): string {
  const [, first, last] = /\blines? (\d+)(?:-(\d+))?/.exec(about) ?? [];
  if (first === undefined) return text;
  const from = Number(first) - firstLine;
  const lines = text.split('\n').slice(from, Number(last ?? first) - firstLine + 1);
  return lines.length === 0 ? text : lines.join('\n');
}
