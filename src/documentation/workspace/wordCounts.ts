/** A power of two, enough for 2 million words before many of them share a count. */
const slots = 2 ** 21;

/**
 * The approximate number of files that contain a name, fast enough for every word of a workspace. Two words
 * may share a count, so a number is never too low and seldom too high.
 */
export class WordCounts {
  private readonly counts = new Uint16Array(slots);
  /** The last file counted per word, because a file counts once. */
  private readonly lastFile = new Uint32Array(slots);
  private file = 0;

  /** Counts the words of a file. */
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

  /** Number of files with the word, including the one that declares it. */
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

/** Mixes the bits, because similar words have similar hashes. */
function slotOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) & (slots - 1);
}

/** Letters, digits, `_`, `$`, and everything outside ASCII. */
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
