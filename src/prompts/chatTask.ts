import type { Subject } from '../code/subject.ts';
import { codeSpan, fencedBlock, lineRange, normalizeNewlines } from '../text/markdown.ts';
import { instructionFor, subjectPhrase, type ActionId } from './actions.ts';
import { languageSentence } from './answerLanguage.ts';
import { isPartOfLines } from './excerpt.ts';

/** A question in a conversation. */
export interface ChatQuestion {
  action: ActionId;
  /** The user's text; may be empty for an action that needs none. */
  question: string;
  /** The code that it is about; empty when the conversation or the question is enough. */
  subjects: readonly Subject[];
}

/** Most characters of a selection that is quoted; for a longer one, its line numbers must do. */
const quotedChars = 500;

/** The instruction of an action, followed by the user's text. */
export function chatInstruction({ action, question }: ChatQuestion, subject: Subject): string {
  const words = normalizeNewlines(question).trim();
  const instruction = instructionFor(action, subject, words);
  return words === '' || action === 'ask' || action === 'edit'
    ? instruction
    : `${instruction}\n\nThe programmer adds:\n\n${words}`;
}

/** The text after the code: which code it is about, and the task; without code, only the question. */
export function taskOf(asked: ChatQuestion, language: string | undefined): string {
  const [subject, ...others] = asked.subjects;
  if (!subject) return normalizeNewlines(asked.question).trim() + languageSentence(language);
  const about = others.length === 0 ? aboutOne(subject) : aboutAll(asked.subjects);
  const phrased: Subject = others.length === 0 ? subject : { ...subject, kind: 'selection' };
  return `${about}\n\n${chatInstruction(asked, phrased)}${languageSentence(language)}`;
}

function aboutOne(subject: Subject): string {
  const { kind, path, code, languageId } = subject;
  if (kind === 'file') return `Your task is about the whole file ${codeSpan(path)}.`;
  if (kind === 'selection' && isPartOfLines(subject) && code.length <= quotedChars) {
    const quoted = fencedBlock(normalizeNewlines(code), languageId).trimEnd();
    return `Your task is about the selected code, which is this part of ${linesIn(subject)}:\n\n${quoted}`;
  }
  return `Your task is about ${subjectPhrase(subject)}, ${linesIn(subject)}.`;
}

function aboutAll(subjects: readonly Subject[]): string {
  const parts = subjects.map((subject) =>
    subject.kind === 'file' ? `- the whole file ${codeSpan(subject.path)}` : `- ${linesIn(subject)}`,
  );
  return `Your task is about the selected code, which is:\n\n${parts.join('\n')}`;
}

function linesIn({ firstLine, lastLine, path }: Subject): string {
  return `${lineRange(firstLine, lastLine)} of the file ${codeSpan(path)}`;
}
