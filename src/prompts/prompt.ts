import { languageSentence } from './answerLanguage.ts';
import { actionIds, instructionFor, subjectPhrase } from './actions.ts';
import type { ActionId } from './actions.ts';
import { joinEncoded } from './controlTokens.ts';
import { excerptFor, isPartOfLines, renderExcerpt } from './excerpt.ts';
import { omissionOf } from './omission.ts';
import type { Omission } from './omission.ts';
import { fencedBlock, lineRange, normalizeNewlines } from '../text/markdown.ts';
import { pageInstruction, pageKinds } from './pageKinds.ts';
import { partsOf, type Subject } from '../code/subject.ts';
import { systemPrompt } from './systemPrompt.ts';
import { encodedCost, noteCost, promptTokens, templateTokens, tokenCost } from './tokens.ts';
import type { TokenBudget, TokenCost } from './tokens.ts';

export interface Prompt {
  system: string;
  prompt: string;
  omitted?: Omission;
  /** Including system prompt and chat template. */
  estimatedTokens: number;
}

/**
 * Tokens reserved for a question, whatever the action, so that every action cuts a long file at the same
 * position.
 */
const questionTokens = 200;

/** Most tokens of a selection that is quoted after the code. For a longer one, its line numbers must do. */
const quotedTokens = 150;

/**
 * Builds a prompt: file first, then which part of it is meant, instruction last. The server reads again only
 * from the first difference on, so a second question about the same code is answered at once. Everything
 * before the instruction depends only on the subject and the budget; for a small file, the file part depends
 * only on the file. (Exception: a question longer than `questionTokens` in a file that fills the context
 * window. It is never shortened, so it displaces code.)
 *
 * The estimate stays within `numCtx` minus the answer's share as long as a question fits at all. If not, the
 * server refuses it.
 * @param language language of the answer, by its English name; undefined for English
 * @throws {TypeError} when `ask` has no question
 */
export function buildPrompt(
  action: ActionId,
  subject: Subject,
  budget: TokenBudget,
  question = '',
  language?: string,
): Prompt {
  if (action === 'ask' && question.trim() === '') {
    throw new TypeError('The action "ask" needs a question.');
  }
  const instruction = instructionFor(action, subject, normalizeNewlines(question));
  return buildPromptWith(instruction, subject, budget, language);
}

/** Like `buildPrompt`, with an instruction that belongs to no action. */
export function buildPromptWith(
  instruction: string,
  subject: Subject,
  budget: TokenBudget,
  language?: string,
): Prompt {
  const cost = encodedCost(budget.charsPerToken);
  const inLanguage = languageSentence(language);
  const about = aboutPart(subject, cost);
  const fixed = cost(systemPrompt) + templateTokens;
  const reserve =
    Math.max(instructionReserve(subject, cost), cost(instruction) + noteCost(instruction, cost)) +
    cost(about) +
    cost(inLanguage) +
    noteCost(subject.fileText, cost);
  const excerpt = excerptFor(subject, promptTokens(budget) - fixed - reserve - 1, cost);
  const omitted = omissionOf(subject, excerpt, budget.numCtx);
  const prompt = joinEncoded(renderExcerpt(subject, excerpt), about + instruction + inLanguage);
  const estimatedTokens = Math.ceil(fixed + tokenCost(budget.charsPerToken)(prompt));
  return { system: systemPrompt, prompt, estimatedTokens, ...(omitted && { omitted }) };
}

/** Names the subject. Placed after the code, because subjects of one file share the code. */
function aboutPart(subject: Subject, cost: TokenCost): string {
  if (subject.kind === 'file') {
    return '\nYour task is about the whole file.\n\n';
  }
  const lines = partsOf(subject)
    .map(({ firstLine, lastLine }) => lineRange(firstLine, lastLine))
    .join(' and ');
  const isQuoted =
    subject.kind === 'selection' && isPartOfLines(subject) && cost(subject.code) <= quotedTokens;
  return isQuoted
    ? `\nYour task is about the selected code, which is this part of ${lines}:\n\n${quote(subject)}\n`
    : `\nYour task is about ${subjectPhrase(subject)}, ${lines} of the file.\n\n`;
}

function quote({ code, languageId }: Subject): string {
  return fencedBlock(normalizeNewlines(code), languageId);
}

/** Tokens of the longest instruction of all actions, so that every action cuts the code at the same position. */
function instructionReserve(subject: Subject, cost: TokenCost): number {
  const pages = pageKinds.map((kind) => pageInstruction(kind, subjectPhrase(subject)));
  const all = [...actionIds.map((id) => instructionFor(id, subject, '')), ...pages];
  const longest = Math.max(...all.map(cost));
  return Math.max(longest, cost(instructionFor('ask', subject, '')) + questionTokens);
}
