import { decodeControlTokens } from '../prompts/controlTokens.ts';
import type { SavedAnswer } from './lastAnswer.ts';
import type { Job, Outcome } from './queue.ts';

/** The part of a job's outcome that is kept; undefined when it has no text. */
export function savedAnswerOf({ title, subject }: Job, outcome: Outcome): SavedAnswer | undefined {
  const { asked, text, kind } = outcome;
  if (!asked || !text.trim()) return undefined;
  const { prompt, history: sent = [] } = asked;
  const history = sent.map((turn) => ({ prompt: turn.prompt, answer: decodeControlTokens(turn.answer) }));
  return { title, subject, history, prompt, text, complete: kind === 'finished' };
}
