import type { Subject } from '../code/subject.ts';
import { chatInstruction, taskOf, type ChatQuestion } from './chatTask.ts';
import { encodeControlTokens, hasMarkedTokens, joinEncoded } from './controlTokens.ts';
import { excerptFor, renderExcerpt } from './excerpt.ts';
import { omissionOf, type Omission } from './omission.ts';
import { buildPromptWith } from './prompt.ts';
import { isShown } from './shownCode.ts';
import { systemPrompt } from './systemPrompt.ts';
import {
  encodedCost,
  noteCost,
  promptTokens,
  templateTokens,
  tokenCost,
  type TokenBudget,
} from './tokens.ts';

/** A prompt as it was sent, with marked control tokens, and its answer as shown, without marks. */
export interface ChatTurn {
  prompt: string;
  answer: string;
}

export interface ChatPrompt {
  system: string;
  prompt: string;
  history: ChatTurn[];
  /** Number of earlier turns that were left out; never the first one. */
  omittedTurns: number;
  /** The omitted code. */
  omissions: Omission[];
  /** Of the prompt with the conversation. */
  estimatedTokens: number;
  /** The tokens among them that the server has not read for the turn before. */
  newTokens: number;
}

/** The question does not fit the context window. Both numbers in tokens, the first estimated. */
export interface TooLong {
  needed: number;
  numCtx: number;
}

/** Tokens that a template adds to each message. */
const messageTokens = 10;
/** Least share of the context window kept for the answer in a conversation. */
const answerShare = 1 / 8;
/** Most of the space that new code takes from old turns, as a share. */
const codeShare = 1 / 2;

/**
 * The prompt of the next turn. Earlier turns stay unchanged, so that the server finds them in its cache;
 * unchanged code in them is not sent again. The first turn about one piece of code is the same prompt as of a
 * command.
 * @param language language of the answer, by its English name; undefined for English
 */
export function buildChatPrompt(
  turns: readonly ChatTurn[],
  asked: ChatQuestion,
  budget: TokenBudget,
  language?: string,
): ChatPrompt | TooLong {
  const [subject, ...others] = asked.subjects;
  return turns.length === 0 && subject && others.length === 0
    ? firstPrompt(asked, subject, budget, language)
    : nextPrompt(turns.map(encodeAnswer), asked, budget, taskOf(asked, language));
}

function firstPrompt(
  asked: ChatQuestion,
  subject: Subject,
  budget: TokenBudget,
  language: string | undefined,
): ChatPrompt {
  const instruction = chatInstruction(asked, subject);
  const { omitted, ...built } = buildPromptWith(instruction, subject, budget, language);
  const omissions = omitted ? [omitted] : [];
  return { ...built, history: [], omittedTurns: 0, omissions, newTokens: built.estimatedTokens };
}

function nextPrompt(
  sent: readonly ChatTurn[],
  asked: ChatQuestion,
  budget: TokenBudget,
  task: string,
): ChatPrompt | TooLong {
  const cost = encodedCost(budget.charsPerToken);
  const costOf = turnCost(budget);
  const fixed = cost(systemPrompt) + templateTokens + cost(task) + noteCost(task, cost);
  const room = (sent.length === 0 ? promptTokens(budget) : budget.numCtx - answerTokens(budget)) - fixed;
  const news = notShown(asked.subjects, sent);
  const wanted = sum(news.map((one) => cost(renderExcerpt(one, excerptFor(one, room, cost)))));
  const codeRoom = Math.max(0, Math.min(wanted, room * codeShare));
  const history = keptTurns(sent, room - codeRoom, costOf);
  if (!history) {
    const needed = budget.numCtx - room + codeRoom + sum(sent.slice(0, 1).map(costOf));
    return { needed: Math.ceil(needed), numCtx: budget.numCtx };
  }
  // Code that only an omitted turn contains is sent again.
  const missing = notShown(asked.subjects, history);
  const left = room - sum(history.map(costOf));
  const { code, omissions } = codeOf(missing, left, budget);
  const prompt = joinEncoded(code, code === '' ? task : `\n${task}`, needsNote(history));
  const estimatedTokens = Math.ceil(fixed + room - left + cost(code));
  const omittedTurns = sent.length - history.length;
  const isGoingOn = history.length > 0 && omittedTurns === 0;
  const newTokens = isGoingOn
    ? Math.ceil(costOf({ prompt, answer: history.at(-1)!.answer }))
    : estimatedTokens;
  return { system: systemPrompt, prompt, history, omittedTurns, omissions, estimatedTokens, newTokens };
}

function notShown(subjects: readonly Subject[], turns: readonly ChatTurn[]): Subject[] {
  const prompts = turns.map(({ prompt }) => prompt);
  return subjects.filter((subject) => !isShown(prompts, subject));
}

/** As much of each file as fits. Space that one file does not need is used for the next. */
function codeOf(
  subjects: readonly Subject[],
  room: number,
  budget: TokenBudget,
): { code: string; omissions: Omission[] } {
  const cost = encodedCost(budget.charsPerToken);
  let left = room;
  const parts = subjects.map((subject, index) => {
    const excerpt = excerptFor(subject, left / (subjects.length - index) - 1, cost);
    const text = renderExcerpt(subject, excerpt);
    left -= cost(text) + 1;
    return { text, omission: omissionOf(subject, excerpt, budget.numCtx) };
  });
  return {
    code: parts.map(({ text }) => text).join('\n'),
    omissions: parts.flatMap(({ omission }) => omission ?? []),
  };
}

/**
 * The turns that fit, always including the first one, which has the code. If they do not fit, so many of the
 * oldest are omitted that half of the space is free. Each turn makes the same decision, so the beginning
 * stays the same for many turns and in the server's cache.
 * @returns undefined when not even the first one fits
 */
function keptTurns(
  turns: readonly ChatTurn[],
  room: number,
  costOf: (turn: ChatTurn) => number,
): ChatTurn[] | undefined {
  const [first, ...later] = turns;
  const space = room - (first ? costOf(first) : 0);
  if (space < 0) return undefined;
  let kept: ChatTurn[] = [];
  const used = (): number => sum(kept.map(costOf));
  for (const turn of later) {
    kept.push(turn);
    if (used() <= space) continue;
    while (kept.length > 1 && used() > space / 2) kept = kept.slice(1);
    if (used() > space) kept = [];
  }
  return first ? [first, ...kept] : [];
}

function answerTokens({ numCtx, numPredict }: TokenBudget): number {
  const share = Math.ceil(numCtx * answerShare);
  return numPredict > 0 ? Math.min(numPredict, share) : share;
}

function turnCost({ charsPerToken }: TokenBudget): (turn: ChatTurn) => number {
  const cost = tokenCost(charsPerToken);
  return ({ prompt, answer }) => cost(prompt) + cost(answer) + 2 * messageTokens;
}

/** The sentence about marks is in a conversation once: with the first prompt that has a mark. */
function needsNote(history: readonly ChatTurn[]): boolean {
  const isNoted = history.some(({ prompt }) => hasMarkedTokens(prompt));
  return !isNoted && history.some(({ answer }) => hasMarkedTokens(answer));
}

function encodeAnswer(turn: ChatTurn): ChatTurn {
  const answer = encodeControlTokens(turn.answer);
  return answer === turn.answer ? turn : { ...turn, answer };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
