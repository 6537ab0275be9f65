import { languageSentence } from './answerLanguage.ts';
import { encodeControlTokens, hasMarkedTokens, joinEncoded } from './controlTokens.ts';
import { systemPrompt } from './systemPrompt.ts';
import { templateTokens, tokenCost, type TokenBudget } from './tokens.ts';

/** A prompt as it was sent, with its control tokens marked, and its answer as the user sees it, without marks. */
interface ConversationTurn {
  prompt: string;
  answer: string;
}

/** A question that continues a conversation. */
export interface FollowUp {
  system: string;
  prompt: string;
  history: ConversationTurn[];
  /** How many of the earlier questions and answers had to be left out; never the first, with the code in it. */
  omitted: number;
}

/** That the conversation cannot go on in this window. Both in tokens, the first estimated. */
export interface TooLong {
  needed: number;
  numCtx: number;
}

/** Least part of the window that is kept for the answer: less would be cut in the middle. */
const answerShare = 1 / 8;
/** Tokens that a template puts around each turn. */
const turnTokens = 10;

/**
 * The conversation so far, word for word, and the question behind it: the server finds all but the question in its
 * cache. Where it does not fit the window, the oldest turns after the first are left out, as few as possible; the
 * first stays, because it has the code and is the longest part that need not be read again.
 * @param language of the answer, by its English name; English if there is none
 */
export function buildFollowUp(
  turns: readonly ConversationTurn[],
  question: string,
  budget: TokenBudget,
  language?: string,
): FollowUp | TooLong {
  const sent = turns.map(encodeAnswer);
  const prompt = promptFor(sent, question + languageSentence(language));
  const cost = tokenCost(budget.charsPerToken);
  const costOf = ({ prompt, answer }: ConversationTurn): number =>
    cost(prompt) + cost(answer) + 2 * turnTokens;
  const share = Math.ceil(budget.numCtx * answerShare);
  const answer = budget.numPredict > 0 ? Math.min(budget.numPredict, share) : share;
  const [first, ...later] = sent;
  const fixed = cost(systemPrompt) + templateTokens + cost(prompt) + (first ? costOf(first) : 0);
  const room = budget.numCtx - answer - fixed;
  if (room < 0) return { needed: Math.ceil(fixed + answer), numCtx: budget.numCtx };
  let from = later.length;
  for (let left = room; from > 0; from--) {
    left -= costOf(later[from - 1]!);
    if (left < 0) break;
  }
  const history = [...(first ? [first] : []), ...later.slice(from)];
  return { system: systemPrompt, prompt, history, omitted: from };
}

/** The sentence about marks comes once: with the first prompt that has one, else here, before the question. */
function promptFor(turns: readonly ConversationTurn[], question: string): string {
  if (turns.some(({ prompt }) => hasMarkedTokens(prompt))) return encodeControlTokens(question);
  return joinEncoded(
    '',
    question,
    turns.some(({ answer }) => hasMarkedTokens(answer)),
  );
}

function encodeAnswer(turn: ConversationTurn): ConversationTurn {
  const answer = encodeControlTokens(turn.answer);
  return answer === turn.answer ? turn : { ...turn, answer };
}
