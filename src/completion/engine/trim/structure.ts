import { hasTags } from '../languages.ts';
import { blocksByColon, opensBlock } from './layout.ts';
import { depthOf, isBlank } from './lines.ts';
import { isYaml } from './yamlLevels.ts';
import { maskOf, type Surroundings } from './surroundings.ts';

/** One line of an answer; the first one has the text before the cursor. */
export interface AnswerLine {
  text: string;
  /** Columns. */
  depth: number;
  kind: 'code' | 'comment' | 'string' | 'aligned' | 'attribute' | 'blank';
  /** The line that opened the bracket which this line closes, or what it is aligned with. */
  partner: number | undefined;
  /** Whether the line opens a block for the next one. */
  opens: boolean;
  /** Whether the next line starts a new statement or item. */
  ends: boolean;
}

interface OpenLine {
  line: number;
  /** The closing bracket; `>` for a tag whose attributes are on several lines. */
  closer: string;
  /** Whether the bracket ends its line. */
  hanging: boolean;
}

const partners: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const unfinished = /(?:[+*/%=&|?.<(,[\\:^-]|\b(?:and|or|not|in|is|extends|implements|return))$/;
/** Languages whose statements end with a semicolon or a brace. */
const withSemicolons = new Set(['c', 'cpp', 'csharp', 'java', 'php', 'rust', 'css', 'scss', 'less', 'dart']);
/** Heads of blocks that end with a word or a bracket. */
const headOfWords: Record<string, RegExp> = {
  ruby: /^(?:if|while|for|when|else|elsif|rescue|ensure|loop)\b(?!.*\b(?:then|end)\b)/,
  svelte: /^\{[#:](?:if|each|await|key|snippet|else|then|catch)\b.*\}$/,
  lua: /(?:\bfunction\b[^()]*\([^()]*\)|^repeat)$/,
};
/** The head of a statement without braces, whose only statement is on the next line. */
export const headWithoutBraces =
  /^(?:\}\s*)?(?:(?:else\s+)?(?:if|for|while)\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|else)$/;

/** What brackets, blocks and statements say about the lines of an answer. */
export function structureOf(text: string, around: Surroundings): AnswerLine[] {
  const masks = maskOf(text, around).split('\n');
  const stack: OpenLine[] = [];
  return text.split('\n').map((own, at) => {
    const line = at === 0 ? around.linePrefix + own : own;
    const mask = at === 0 ? around.maskedLine + masks[0]! : masks[at]!;
    const code = mask.trim();
    const inner = stack.at(-1);
    const kind = isYaml(around.languageId) ? kindInYaml(line, mask) : kindOf(line, mask, inner);
    const closes = inner !== undefined && code.startsWith(inner.closer);
    const partner = closes || kind === 'aligned' || kind === 'attribute' ? inner?.line : undefined;
    walkBrackets(code, at, stack, around.languageId);
    return {
      text: line,
      depth: depthOf(line),
      kind,
      partner,
      opens: kind !== 'string' && opens(code, around.languageId),
      ends: endsStatement(code, around, stack.at(-1)),
    };
  });
}

function kindInYaml(line: string, mask: string): AnswerLine['kind'] {
  return isBlank(line) ? 'blank' : isBlank(mask) ? 'comment' : 'code';
}

function kindOf(line: string, mask: string, inner: OpenLine | undefined): AnswerLine['kind'] {
  if (isBlank(line)) return 'blank';
  if (isBlank(mask)) return 'comment';
  const first = line.search(/\S/);
  // A string at the start of a line is code.
  const isQuote = mask[first - 1] !== '"' && /^(?:["'`#$@%/<]|[A-Za-z]{1,2}["'])/.test(line.trim());
  if (mask[first] === '"' && !isQuote) return 'string';
  if (!inner || mask.trim().startsWith(inner.closer)) return 'code';
  return !inner.hanging ? 'aligned' : inner.closer === '>' ? 'attribute' : 'code';
}

function walkBrackets(code: string, line: number, stack: OpenLine[], languageId: string): void {
  const tags = hasTags(languageId);
  for (const { 0: character, index } of code.matchAll(/[()[\]{}<>]/g)) {
    const rest = code.slice(index + 1);
    if (partners[character]) stack.push({ line, closer: partners[character], hanging: rest === '' });
    else if (character === '<') {
      if (tags && /^[\w.:-]+(?=\s|$)[^<>]*$/.test(rest))
        stack.push({ line, closer: '>', hanging: /^\S+$/.test(rest) });
    } else if (character !== '>') stack.pop();
    else if (stack.at(-1)?.closer === '>' && code[index - 1] !== '=') stack.pop();
  }
}

function opens(code: string, languageId: string): boolean {
  if (code === '') return false;
  const byWord = Object.hasOwn(headOfWords, languageId) && headOfWords[languageId]!.test(code);
  // A generic type is no tag.
  const isType = code.endsWith('>') && !/[=-]>$/.test(code) && !hasTags(languageId);
  return (
    byWord ||
    (opensBlock(code) && !isType) ||
    (!withSemicolons.has(languageId) && headWithoutBraces.test(code))
  );
}

function endsStatement(code: string, around: Surroundings, inner: OpenLine | undefined): boolean {
  const { languageId, linePrefix, open } = around;
  if (code.endsWith(',')) return inner ? inner.hanging : isBlank(linePrefix) && open.length > 0;
  if (code === '' || /[;}]$/.test(code)) return true;
  if (withSemicolons.has(languageId) || inner?.closer === '>') return false;
  return blocksByColon.has(languageId) ? !code.endsWith('\\') : !unfinished.test(code);
}
