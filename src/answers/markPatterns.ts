import {
  anyOpener,
  anyThoughtClose,
  anyThoughtOpen,
  anyToken,
  harmonyFinal,
  otherRole,
  ownRole,
  escaped,
  strongTokens,
  thoughtMarks,
  weakTokens,
} from './markers.ts';

const endTokens = new RegExp(`(?:\\s*(?:${anyToken}))+\\s*$`, 'i');

/** Longest tail in which a token is looked for at once. */
const tailChars = 200;

/** Code without the tokens that end an answer; those that the known code has are its own. */
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
export const tokenBehindFence = new RegExp(`^([ \\t>]*(?:\`{3,}|~{3,}))[ \\t]*(?=${anyToken})`, 'i');
/** The head of the answer's own turn, or a token that ends something before it. */
export const head = new RegExp(
  `(?:<\\|start\\|>\\s*${ownRole}\\s*(?:<\\|message\\|>)?|(?:${anyOpener})\\s*${ownRole}\\b|${anyToken})`,
  'iy',
);
export const foreignTurn = new RegExp(`(?:${anyOpener}|<\\|start\\|>)\\s*${otherRole}\\b`, 'iy');
/** The same anywhere in a text. */
export const anyForeignTurn = new RegExp(foreignTurn.source, 'i');
export const harmonyHead = new RegExp(`(?:<\\|start\\|>\\s*${ownRole}\\s*)?<\\|channel\\|>`, 'iy');
export const remark =
  /<\|channel\|>\s*commentary\s*<\|message\|>([^]*?)(?:<\|(?:end|start|return|channel)\|>|$)/;
const harmonyHeads =
  /<\|(?:start|channel|message|end|call|return|constrain)\|>(?:analysis|assistant|commentary)?/g;
/** gpt-oss without its marks: the channel's name and the thoughts are one word. */
export const bareAnalysis = /analysis(?=[A-Z"'*(\n])/y;

export const anyOfHarmony = new Set(['<|end|>', '<|start|>', '<|channel|>', '<|message|>', '<|call|>']);
export const spaces = /\s*/y;

/** How much of the blanks before an answer goes when something before them was taken out: all but an indentation. */
export function beginningOf(blank: string): number {
  const newline = blank.lastIndexOf('\n');
  return newline < 0 ? blank.length : newline + 1;
}

/** Without tokens that came to stand at the end. */
export function withoutTail(text: string): string {
  let now = text;
  for (let tail = endTokens.exec(now.slice(-tailChars)); tail; tail = endTokens.exec(now.slice(-tailChars)))
    now = now.slice(0, -tail[0].length);
  return now;
}

/** Tells of places in a line, asked in their order, whether they are between backticks. */
export function quotesIn(line: string): (at: number) => boolean {
  let read = 0;
  let runs = 0;
  // Asked from left to right, so that a line is read once.
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

/** What a model has written, taken apart. */
export interface SplitAnswer {
  /** The answer, without the tokens of chat templates. */
  text: string;
  /** What it thought aloud. */
  thinking: string;
  /** How it ends: in the answer, in thoughts, or with tokens behind which nothing is meant. */
  end: 'text' | 'thinking' | 'ended';
  /** Nothing but what was taken out stands before what will come next. */
  isBeginning: boolean;
}

/** Where a mark is in a text. */
export interface Place {
  at: number;
  length: number;
}

/** The user's own text, asked for marks: they are data when they come back. */
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

/** The mark that ends thoughts which begin with another one, and a pattern that finds it. */
export function closingOf(open: string): { close: string; pattern: RegExp } {
  const { close } = thoughtMarks.find((marks) => marks.open.toLowerCase() === open.toLowerCase())!;
  return { close, pattern: new RegExp(escaped(close), 'gi') };
}
