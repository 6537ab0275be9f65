/** Tokens that must have been read for the time they took to say something: less is noise. */
const tellingTokens = 40;
const rememberedSpeeds = 8;
/** The prompt windows, the largest for the fastest: the first reading of a file takes a few seconds on any of them. */
const windows = [
  { fromTokensPerSecond: 2_500, tokens: 6_144 },
  { fromTokensPerSecond: 700, tokens: 4_096 },
  { fromTokensPerSecond: 120, tokens: 2_048 },
  { fromTokensPerSecond: 0, tokens: 1_024 },
];
/** Before the first answer. */
const firstWindow = 2_048;
/** Other files are read once when a file comes to the front, not at each key. */
const neighborSeconds = 0.5;
/** Of a laptop's CPU, before anything is known. */
const usualSpeed = 400;
const mostNeighborTokens = 1_024;
/** Documents whose windows are remembered. */
const rememberedDocuments = 50;

/** What is known of one prompt once it was answered. */
export interface ReadPrompt {
  /** As it was sent, suffix included. */
  text: string;
  /** The server's count, what it had in its cache included. */
  tokens: number;
  durationMs: number;
}

/** How fast the server reads prompts of one model, and how much of each it had read before. */
export class ReadingSpeed {
  private readonly speeds: number[] = [];
  private last = '';
  private readonly documents = new Map<string, number>();

  /** The median of the last ones; undefined before the first. */
  get tokensPerSecond(): number | undefined {
    const sorted = this.speeds.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  /** Tokens of the text before the cursor; always the same for a document, for another window is read as a whole. */
  prefixTokens(document: string): number {
    const tokens = this.documents.get(document) ?? this.windowNow();
    if (this.documents.size >= rememberedDocuments && !this.documents.has(document)) this.documents.clear();
    this.documents.set(document, tokens);
    return tokens;
  }

  /** Tokens of other files, by the time that reading them once may take. */
  get neighborTokens(): number {
    return Math.min(mostNeighborTokens, Math.round((this.tokensPerSecond ?? usualSpeed) * neighborSeconds));
  }

  /** The part of a prompt that the server need not read, 0 to 1. */
  reusedShare(text: string): number {
    return text === '' ? 0 : commonLength(text, this.last) / text.length;
  }

  /** A prompt is under way: the server has read it, whether its answer is wanted or not. */
  noteSent(text: string): void {
    this.last = text;
  }

  /** @param reused see `reusedShare`, from before the prompt was sent */
  noteAnswer({ tokens, durationMs }: Omit<ReadPrompt, 'text'>, reused: number): void {
    const read = tokens * (1 - reused);
    if (read < tellingTokens || durationMs <= 0) return;
    this.speeds.push((read * 1000) / durationMs);
    if (this.speeds.length > rememberedSpeeds) this.speeds.shift();
  }

  private windowNow(): number {
    const speed = this.tokensPerSecond;
    if (speed === undefined) return firstWindow;
    return windows.find(({ fromTokensPerSecond }) => speed >= fromTokensPerSecond)!.tokens;
  }
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  // Halves: comparing pieces is far faster than comparing characters.
  let [same, different] = [0, most + 1];
  while (different - same > 1) {
    const middle = (same + different) >> 1;
    if (one.slice(same, middle) === other.slice(same, middle)) same = middle;
    else different = middle;
  }
  return same;
}
