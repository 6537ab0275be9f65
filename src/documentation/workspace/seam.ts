/** Most words that are compared at the seam, and letters of a word that is not doubled on purpose. */
const mostWords = 12;
const fewestLetters = 4;

/**
 * Whether a continued answer has no trace of its interruption: no words that are doubled there, and no heading a
 * second time, as from a model that has begun again.
 * @param written the start of the text that the model was to continue
 */
export function isWholeAt(written: string, text: string): boolean {
  const rest = text.slice(written.length);
  const headings = new Set(headingsOf(written));
  return !headingsOf(rest).some((heading) => headings.has(heading)) && !hasDoubledWords(written, rest);
}

/** Those of a page. A single # may begin a comment in an example, and smaller headings may occur several times. */
function headingsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('## ') ? [line.trim()] : []));
}

function hasDoubledWords(before: string, after: string): boolean {
  // A new line may begin with any word.
  if (before.endsWith('\n')) return false;
  const last = wordsOf(before.slice(-1000)).slice(-mostWords);
  const first = wordsOf(after.slice(0, 1000)).slice(0, mostWords);
  // Around a mark, such as that of a cell or an item of a list, words are repeated on purpose.
  const mark = first.findIndex((word) => !/[\p{L}\p{N}_]/u.test(word));
  const most = Math.min(last.length, mark < 0 ? first.length : mark);
  for (let count = 1; count <= most; count++) {
    const same = last.slice(-count).join(' ');
    const start = first.slice(0, count).join(' ');
    // The second time, a sentence may end there.
    const isSame = same === start || same === start.replace(/[,.;:!?)]$/, '');
    if (isSame && (count > 1 || same.length >= fewestLetters)) return true;
  }
  return false;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
