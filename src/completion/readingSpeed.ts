/** Fewest tokens for a meaningful measurement. */
const tellingTokens = 40;
const rememberedSpeeds = 8;
/**
 * The prompt sizes, the largest for the fastest machine: the first reading of a file takes a few seconds with
 * any of them.
 */
const windows = [
  { fromTokensPerSecond: 2_500, tokens: 6_144 },
  { fromTokensPerSecond: 700, tokens: 4_096 },
  { fromTokensPerSecond: 120, tokens: 2_048 },
  { fromTokensPerSecond: 0, tokens: 1_024 },
];
/** Before the first answer. */
const firstWindow = 2_048;
/** Seconds. Other files are read once when a file is opened, not for each key. */
const neighborSeconds = 0.5;
/** Tokens per second of a laptop's CPU, before a measurement. */
const usualSpeed = 400;
const mostNeighborTokens = 1_024;
/** Most documents whose prompt size is remembered. */
const rememberedDocuments = 50;

/** The facts about a prompt after its answer. */
export interface ReadPrompt {
  /** As it was sent, including the suffix. */
  text: string;
  /** The server's count, including cached tokens. */
  tokens: number;
  durationMs: number;
}

/** How fast the server reads prompts of one model, and how much of each was in its cache. */
export class ReadingSpeed {
  private readonly speeds: number[] = [];
  private last = '';
  /** Characters per token of the latest long prompt; undefined before it. */
  charsPerToken: number | undefined;
  private readonly documents = new Map<string, number>();

  /** The median of the latest values; undefined before the first one. */
  get tokensPerSecond(): number | undefined {
    const sorted = this.speeds.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  /**
   * Tokens of the text before the cursor. Constant for a document, because another size would be read
   * completely.
   */
  prefixTokens(document: string): number {
    const tokens = this.documents.get(document) ?? this.windowNow();
    if (this.documents.size >= rememberedDocuments && !this.documents.has(document)) this.documents.clear();
    this.documents.set(document, tokens);
    return tokens;
  }

  /** Tokens of other files, from the time that reading them once may take. */
  get neighborTokens(): number {
    return Math.min(mostNeighborTokens, Math.round((this.tokensPerSecond ?? usualSpeed) * neighborSeconds));
  }

  /** The share of a prompt that is in the server's cache, 0 to 1. */
  reusedShare(text: string): number {
    return text === '' ? 0 : commonLength(text, this.last) / text.length;
  }

  /** Records a sent prompt: the server reads it even if its answer is not needed any more. */
  noteSent(text: string): void {
    this.last = text;
  }

  /** @param reused see `reusedShare`, from before the prompt was sent */
  noteAnswer({ text, tokens, durationMs }: ReadPrompt, reused: number): void {
    if (tokens >= tellingTokens) this.charsPerToken = text.length / tokens;
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
  // Bisects, because comparing strings is far faster than comparing characters.
  let [same, different] = [0, most + 1];
  while (different - same > 1) {
    const middle = (same + different) >> 1;
    if (one.slice(same, middle) === other.slice(same, middle)) same = middle;
    else different = middle;
  }
  return same;
}
