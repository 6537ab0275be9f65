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

/** A single # may begin a comment in an example. */
function headingsOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (/^#{2,6} /.test(line) ? [line.trim()] : []));
}

function hasDoubledWords(before: string, after: string): boolean {
  const last = wordsOf(before.slice(-1000)).slice(-mostWords);
  const first = wordsOf(after.slice(0, 1000)).slice(0, mostWords);
  const most = Math.min(last.length, first.length);
  for (let count = 1; count <= most; count++) {
    const same = last.slice(-count).join(' ');
    if (same === first.slice(0, count).join(' ') && (count > 1 || same.length >= fewestLetters)) return true;
  }
  return false;
}

/** Marks such as those of lists and tables are repeated on purpose. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+/gu) ?? [];
}
