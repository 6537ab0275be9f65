import { languageSentence } from './answerLanguage.ts';
import { encodeControlTokens, hasMarkedTokens, joinEncoded } from './controlTokens.ts';
import { systemPrompt } from './systemPrompt.ts';
import { templateTokens, tokenCost, type TokenBudget } from './tokens.ts';

/** A prompt as it was sent, with marked control tokens, and its answer as shown, without marks. */
interface ConversationTurn {
  prompt: string;
  answer: string;
}

/** A question that continues a conversation. */
export interface FollowUp {
  system: string;
  prompt: string;
  history: ConversationTurn[];
  /** Number of earlier turns that were left out; never the first, which contains the code. */
  omitted: number;
}

/** The conversation does not fit the context window. Both numbers in tokens, the first estimated. */
export interface TooLong {
  needed: number;
  numCtx: number;
}

/** Least share of the context window kept for the answer. With less, answers would be incomplete. */
const answerShare = 1 / 8;
/** Tokens that a template adds to each turn. */
const turnTokens = 10;

/**
 * The unchanged conversation and the new question after it: the server has everything but the question in its
 * cache. If it does not fit, as few as possible of the oldest turns are left out; never the first one,
 * because it contains the code and is the longest part of the cache.
 * @param language language of the answer, by its English name; undefined for English
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

/** Adds the sentence about marks once: to the first prompt with a mark, else before this question. */
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
