/** What can happen to one generation of the soak test. */
export type Fate =
  | 'whole'
  | 'slow'
  | 'gzip'
  /** Complete, but then the server closes the kept connection without announcing it. */
  | 'stale'
  /** The connection ends inside a line, or between two, closed or reset. */
  | 'cutClose'
  | 'cutReset'
  /** A proper end without a last line. */
  | 'noLastLine'
  | 'errorLine'
  | 'garbage'
  | 'notUtf8'
  | 'busy'
  | 'closeBeforeHeaders'
  | 'resetBeforeHeaders'
  /** Done by the client, after some events. */
  | 'abortWaiting'
  | 'abort'
  | 'leave';

/** How the answer is requested. */
export type Way = 'stream' | 'generate' | 'retry';

/** One generation, determined by the seed and its number. */
export interface Plan {
  id: number;
  fate: Fate;
  way: Way;
  /** The tokens of the answer. */
  tokens: string[];
  /** The token at which the fault occurs, counted from 0. */
  at: number;
  /** Bytes of that token's line that are still sent. */
  plusBytes: number;
  /** Bytes per chunk of the body. Short chunks cut lines and characters. */
  pieceBytes: number;
}

const fates: readonly Fate[] = [
  ...Array.from({ length: 6 }, () => 'whole' as const),
  ...(['slow', 'gzip', 'stale', 'stale', 'cutClose', 'cutReset', 'noLastLine', 'errorLine'] as const),
  ...(['garbage', 'notUtf8', 'busy', 'closeBeforeHeaders', 'resetBeforeHeaders'] as const),
  ...(['abortWaiting', 'abort', 'leave'] as const),
];
const words = [
  'const',
  ' x',
  ' =',
  ' 1',
  ';\n',
  '"quoted"',
  '\\',
  'naïve',
  '→',
  '🙂',
  ' <tag>',
  '{',
  '}',
  '\t',
  ' ',
];

/** Random numbers in [0, 1), determined by the seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function planOf(seed: number, id: number): Plan {
  const random = randomFrom(seed ^ Math.imul(id + 1, 0x9e3779b1));
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)]!;
  const fate = pick(fates);
  const tokens = Array.from({ length: 1 + below(30) }, () => pick(words));
  const byParts = fate === 'cutReset' || fate === 'abort' || fate === 'leave' || fate === 'abortWaiting';
  return {
    id,
    fate,
    way: pick(byParts ? ['stream', 'retry'] : ['stream', 'generate', 'retry']),
    tokens,
    at: below(tokens.length),
    plusBytes: below(2) * below(60),
    pieceBytes: pick([1 + below(20), 40 + below(200), 4096]),
  };
}
