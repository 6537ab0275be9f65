import { codeBlocks } from '../text/codeBlocks.ts';
import { fitIndentation } from '../code/indentation.ts';
import type { Fitting } from '../code/indentation.ts';
import { linesOf, normalizeNewlines } from '../text/markdown.ts';
import type { CharacterChanges } from '../text/invisibleChars.ts';
import { chooseBlock, namesOf, plainTags } from './chooseBlock.ts';
import { cleanCode } from './cleanCode.ts';
import { applyEditBlocks, hasConflictMarks, hasEditBlocks } from './editBlocks.ts';
import { isOpenEnded } from './openEnded.ts';
import { answerText } from './splitAnswer.ts';
import { isToolCall } from './toolCallText.ts';

/** The answer to a request for new code. */
interface AnswerText {
  text: string;
  /** Whether it ended at its token limit. */
  isCut: boolean;
}

/** The code to replace, and facts about its file. */
export interface ReplacedCode extends Fitting {
  /** VS Code's language id. */
  languageId: string;
  path: string;
  /** The line ending of the file. */
  eol: '\n' | '\r\n';
}

/**
 * Why an answer has no usable code:
 * - `cut`: it ended at its token limit;
 * - `noCode`: it has no code block, or only blocks in another form (a diff, a shell command);
 * - `incomplete`: its block has no end;
 * - `ambiguous`: fences in the code leave the end of the block open;
 * - `toolCall`: it is a tool call;
 * - `conflict`: it has conflict markers, or search and replace blocks that do not match the code;
 * - `otherLanguage`: its code is in another language;
 * - `several`: it has more than one version of the code;
 * - `elided`: a comment replaces code, such as `// ... rest of the code`;
 * - `unchanged`: the code is the same as before.
 */
export type Unusable =
  | 'cut'
  | 'noCode'
  | 'incomplete'
  | 'ambiguous'
  | 'toolCall'
  | 'conflict'
  | 'otherLanguage'
  | 'several'
  | 'elided'
  | 'unchanged';

/** `tag`: language tag of the block; `characters`: invisible characters that were removed, if any. */
export type CodeAnswer =
  | { code: string; tag?: string; characters?: CharacterChanges }
  | { unusable: Unusable };

const commentMark = String.raw`^\s*(?:\/\/+|#+|--+|;+|%+|\/\*+|\*|<!--|\{\/\*|"""|''')\s*`;
const elidedCode =
  '(?:rest of (?:the |your )?(?:code|file|class|function|method|module|implementation)|' +
  '(?:existing|previous|original|other|remaining|unchanged) (?:code|methods|functions|implementation|logic))';
const elisions = [
  new RegExp(String.raw`${commentMark}(?:\.{3}|…)`),
  new RegExp(String.raw`${commentMark}(?:(?:the|your|keep|all|insert|add) )*${elidedCode}\b`, 'i'),
];
const bareDots = /^\s*(?:\.{3}|…)\s*$/;

/** What code is searched for. */
export interface WantedCode {
  languageId: string;
  path: string;
  /** The code to replace, if any. */
  code?: string;
  /** The file. Marks that occur in it are ordinary text. */
  fileText?: string;
}

/** The one relevant block of an answer, without what is not code. */
export function findCode({ text, isCut }: AnswerText, wanted: WantedCode): CodeAnswer {
  if (isCut) return { unusable: 'cut' };
  const { languageId, code: replaced = '', fileText = '' } = wanted;
  const known = replaced + fileText;
  const answer = answerText(normalizeNewlines(text), known);
  if (isToolCall(answer) && !isJsonOf(wanted, answer)) return { unusable: 'toolCall' };
  const found = changedCode(answer, replaced, known) ?? blockOf(answer, wanted);
  if ('unusable' in found) return found;
  const { code, characters } = cleanCode(found.code, { known, languageId });
  if (hasConflictMarks(code) && !hasConflictMarks(known)) return { unusable: 'conflict' };
  const isChanged = characters.removed + characters.replaced > 0;
  const { tag } = found;
  return { code: trimmed(code), ...(tag === undefined ? {} : { tag }), ...(isChanged ? { characters } : {}) };
}

/** The code with the answer's search and replace blocks applied. */
function changedCode(answer: string, replaced: string, known: string): CodeAnswer | undefined {
  if (!hasEditBlocks(answer) || hasConflictMarks(known)) return undefined;
  const code = applyEditBlocks(answer, replaced);
  return code === undefined ? { unusable: 'conflict' } : { code };
}

function blockOf(answer: string, { languageId, path, code: known }: WantedCode): CodeAnswer {
  const names = namesOf(languageId, path);
  const blocks = codeBlocks(answer, {
    ...(known === undefined ? {} : { known }),
    isOpenEnded: (code, tag) => isOpenEnded(code, names.has(tag) || plainTags.has(tag) ? languageId : tag),
  });
  if (blocks.some(({ closed }) => !closed)) return { unusable: 'incomplete' };
  if (blocks.some(({ ambiguous }) => ambiguous)) return { unusable: 'ambiguous' };
  const chosen = chooseBlock(blocks, {
    answer,
    languageId,
    path,
    ...(known === undefined ? {} : { replaced: known }),
  });
  if ('unusable' in chosen) return chosen;
  const code = trimmed(chosen.code);
  return code === '' ? { unusable: 'noCode' } : { code, tag: chosen.tag };
}

/** A data file may look like a tool call. */
function isJsonOf({ languageId, code = '', fileText = '' }: WantedCode, answer: string): boolean {
  return (
    languageId.startsWith('json') && answer.trimStart().startsWith('`') && /"name"/.test(code + fileText)
  );
}

/** Gives code the indentation and line endings of what it replaces. */
export function fitCode(code: string, place: ReplacedCode): string {
  const start = /^(?:[ \t]*\r?\n)*/.exec(place.replaced)![0];
  const replaced = place.replaced.slice(start.length).trimEnd();
  const end = place.replaced.slice(start.length + replaced.length);
  const before = start === '' ? place.before : '';
  const fitted = fitIndentation(trimmed(code), { replaced, before, fileText: place.fileText });
  return start + fitted.replaceAll('\n', place.eol) + end;
}

/** Removes empty lines before the code and white space after it. */
function trimmed(code: string): string {
  return code.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
}

/** Whether a comment that the known code does not contain replaces omitted code. */
export function isElided(code: string, knownCode: string, languageId: string): boolean {
  const known = new Set(linesOf(knownCode).map((line) => line.trim()));
  const patterns = languageId === 'python' ? elisions : [...elisions, bareDots];
  return linesOf(code).some(
    (line) => !known.has(line.trim()) && patterns.some((pattern) => pattern.test(line)),
  );
}
