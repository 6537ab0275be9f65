import { languageSentence } from './answerLanguage.ts';
import { actionIds, instructionFor, subjectPhrase } from './actions.ts';
import type { ActionId } from './actions.ts';
import { joinEncoded } from './controlTokens.ts';
import { excerptFor, isPartOfLines, renderExcerpt } from './excerpt.ts';
import { omissionOf } from './omission.ts';
import type { Omission } from './omission.ts';
import { fencedBlock, lineRange, normalizeNewlines } from '../text/markdown.ts';
import { pageInstruction, pageKinds } from './pageKinds.ts';
import type { Subject } from '../code/subject.ts';
import { systemPrompt } from './systemPrompt.ts';
import { encodedCost, noteCost, promptTokens, templateTokens, tokenCost } from './tokens.ts';
import type { TokenBudget, TokenCost } from './tokens.ts';

export interface Prompt {
  system: string;
  prompt: string;
  omitted?: Omission;
  /** System prompt and chat template included. */
  estimatedTokens: number;
}

/** Kept free for a question whatever the action, so that a question does not move the cut in a long file. */
const questionTokens = 200;

/**
 * A selection inside its lines is quoted after the code up to this length; the lines' numbers say the rest.
 */
const quotedTokens = 150;

/**
 * The file comes first, then which part of it is meant, and the instruction last: the server reads again
 * only from the first difference on, so a second question about the same code is answered at once.
 * Everything before the instruction depends on the subject and the budget alone, and the file part of a
 * small file on the file alone. (A question longer than `questionTokens` in a file that fills the window is
 * the exception: it is never shortened, so it takes room from the code.)
 *
 * The estimate stays within `numCtx` less the answer's share as long as a question fits there at all; one
 * that does not is left to the server to refuse.
 *
 * @param language of the answer, by its English name; English if there is none
 * @throws {TypeError} when `ask` comes without a question.
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

/** As `buildPrompt`, for an instruction that is no action's: it comes behind the same code. */
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

/** Names what is asked about; comes after the code because it differs between subjects of one file. */
function aboutPart(subject: Subject, cost: TokenCost): string {
  if (subject.kind === 'file') {
    return '\nYour task is about the whole file.\n\n';
  }
  const lines = lineRange(subject.firstLine, subject.lastLine);
  const isQuoted =
    subject.kind === 'selection' && isPartOfLines(subject) && cost(subject.code) <= quotedTokens;
  return isQuoted
    ? `\nYour task is about the selected code, which is this part of ${lines}:\n\n${quote(subject)}\n`
    : `\nYour task is about ${subjectPhrase(subject)}, ${lines} of the file.\n\n`;
}

function quote({ code, languageId }: Subject): string {
  return fencedBlock(normalizeNewlines(code), languageId);
}

/** Room for the longest instruction of all actions, so that each finds the code cut at the same place. */
function instructionReserve(subject: Subject, cost: TokenCost): number {
  const pages = pageKinds.map((kind) => pageInstruction(kind, subjectPhrase(subject)));
  const all = [...actionIds.map((id) => instructionFor(id, subject, '')), ...pages];
  const longest = Math.max(...all.map(cost));
  return Math.max(longest, cost(instructionFor('ask', subject, '')) + questionTokens);
}
