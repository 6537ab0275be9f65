/** Power of two: 2 million words before names begin to share a count often. */
const slots = 2 ** 21;

/**
 * In how many files a name occurs, about: cheap enough to be known of every word of a workspace. Two words may share a count,
 * so a number is never too low and seldom too high.
 */
export class WordCounts {
  private readonly counts = new Uint16Array(slots);
  /** The last file that was counted, by word: a file counts once. */
  private readonly lastFile = new Uint32Array(slots);
  private file = 0;

  /** Counts the words of one more file. */
  add(text: string): void {
    this.file++;
    let hash = 0;
    let length = 0;
    for (let at = 0; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : 0;
      if (isWordCode(code)) {
        hash = (Math.imul(hash, 31) + code) | 0;
        length++;
      } else if (length > 0) {
        if (length > 1) this.count(slotOf(hash));
        hash = length = 0;
      }
    }
  }

  /** Files with the word, the one that declares it included. */
  of(word: string): number {
    let hash = 0;
    for (let at = 0; at < word.length; at++) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
    return this.counts[slotOf(hash)] ?? 0;
  }

  private count(slot: number): void {
    if (this.lastFile[slot] === this.file) return;
    this.lastFile[slot] = this.file;
    this.counts[slot] = Math.min((this.counts[slot] ?? 0) + 1, 65_535);
  }
}

/** Bits are mixed, as words that differ little have hashes that differ little. */
function slotOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) & (slots - 1);
}

/** Letters, digits, `_`, `$`, and whatever is not ASCII. */
function isWordCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    code > 127
  );
}
