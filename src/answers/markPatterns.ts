import {
  anyOpener,
  anyToken,
  harmonyFinal,
  otherRole,
  ownRole,
  strongTokens,
  weakTokens,
} from './markers.ts';
import { anyThoughtClose, anyThoughtOpen, escaped, thoughtMarks } from '../text/thoughtMarks.ts';

const endTokens = new RegExp(`(?:\\s*(?:${anyToken}))+\\s*$`, 'i');

/** Most characters at the end in which a token is searched. */
const tailChars = 200;

/** Removes the tokens that end an answer, except those that occur in the known code. */
export function withoutEndTokens(code: string, known: string): string {
  const [tokens = ''] = endTokens.exec(code.slice(-tailChars)) ?? [];
  return tokens === '' || known.includes(tokens.trim()) ? code : code.slice(0, -tokens.length);
}

export const openHere = new RegExp(anyThoughtOpen, 'iy');
export const isOpen = new RegExp(`^(?:${anyThoughtOpen})$`, 'i');
export const isClose = new RegExp(`^(?:${anyThoughtClose})$`, 'i');
export const isFinal = new RegExp(`^${harmonyFinal}$`, 'i');
export const finalMessage = new RegExp(harmonyFinal, 'gi');
export const anyMarkOf = new RegExp(`${harmonyFinal}|${anyThoughtOpen}|${anyThoughtClose}|${anyToken}`, 'gi');
export const strong = new Set(strongTokens.map((token) => token.toLowerCase()));
export const weak = new Set(weakTokens.map((token) => token.toLowerCase()));
export const closeOnLine = new RegExp(`^[ \\t]*(?:${anyThoughtClose})`, 'i');
export const tokenRun = new RegExp(`(?:${anyToken}|\\s)+`, 'iy');
const firstToken = new RegExp(anyToken, 'i');
/** The header of the answer's own turn, or a token that ends something before it. */
export const head = new RegExp(
  `(?:<\\|start\\|>\\s*${ownRole}\\s*(?:<\\|message\\|>)?|(?:${anyOpener})\\s*${ownRole}\\b|${anyToken})`,
  'iy',
);
export const foreignTurn = new RegExp(`(?:${anyOpener}|<\\|start\\|>)\\s*${otherRole}\\b`, 'iy');
/** The same at any position. */
export const anyForeignTurn = new RegExp(foreignTurn.source, 'i');
export const harmonyHead = new RegExp(`(?:<\\|start\\|>\\s*${ownRole}\\s*)?<\\|channel\\|>`, 'iy');
export const remark =
  /<\|channel\|>\s*commentary\s*<\|message\|>([^]*?)(?:<\|(?:end|start|return|channel)\|>|$)/;
const harmonyHeads =
  /<\|(?:start|channel|message|end|call|return|constrain)\|>(?:analysis|assistant|commentary)?/g;
/** gpt-oss without its marks: the channel's name is joined to the thinking. */
export const bareAnalysis = /analysis(?=[A-Z"'*(\n])/y;

export const anyOfHarmony = new Set(['<|end|>', '<|start|>', '<|channel|>', '<|message|>', '<|call|>']);
export const spaces = /\s*/y;

/**
 * How many of the leading white space characters to remove when something before them was removed: all but an
 * indentation.
 */
export function beginningOf(blank: string): number {
  const newline = blank.lastIndexOf('\n');
  return newline < 0 ? blank.length : newline + 1;
}

/** The part of a line before its first token, without the spaces between them. */
export function beforeTokens(line: string): string {
  const token = firstToken.exec(line);
  return token ? line.slice(0, token.index).replace(/[ \t]+$/, '') : line;
}

/** Removes tokens at the end. */
export function withoutTail(text: string): string {
  let now = text;
  for (let tail = endTokens.exec(now.slice(-tailChars)); tail; tail = endTokens.exec(now.slice(-tailChars)))
    now = now.slice(0, -tail[0].length);
  return now;
}

/**
 * A function that tells whether a position in a line is inside backticks. Positions must be asked for in
 * ascending order.
 */
export function quotesIn(line: string): (at: number) => boolean {
  let read = 0;
  let runs = 0;
  // The ascending order lets it read the line once.
  return (at) => {
    runs += line.slice(read, at).match(/`+/g)?.length ?? 0;
    read = at;
    return runs % 2 === 1 && line.includes('`', at);
  };
}

export function withoutHeads(text: string): string {
  return text.replaceAll(harmonyHeads, '');
}

export function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The parts of a model's answer. */
export interface SplitAnswer {
  /** The answer, without the tokens of chat templates. */
  text: string;
  /** The thinking in it. */
  thinking: string;
  /** How it ends: in the answer, in thinking, or with tokens after which nothing counts. */
  end: 'text' | 'thinking' | 'ended';
  /** Whether everything so far was removed, so that the answer has not started yet. */
  isBeginning: boolean;
}

/** Position of a mark in a text. */
export interface MarkPosition {
  at: number;
  length: number;
}

/** The user's own text. Marks that occur in it are ordinary text in the answer. */
export class KnownMarks {
  readonly text: string;
  private readonly found = new Map<string, boolean>();

  constructor(text: string) {
    this.text = text.toLowerCase();
  }

  has(mark: string): boolean {
    const low = mark.toLowerCase();
    const known = this.found.get(low) ?? this.text.includes(low);
    this.found.set(low, known);
    return known;
  }
}

/** The mark that closes thinking, and a pattern for it. */
export function closingOf(open: string): { close: string; pattern: RegExp } {
  const { close } = thoughtMarks.find((marks) => marks.open.toLowerCase() === open.toLowerCase())!;
  return { close, pattern: new RegExp(escaped(close), 'gi') };
}
