import { separateBlocks } from '../../text/fences.ts';

/** Words in a row that are not repeated on purpose, and the number of repetitions. */
const rowLength = 8;
const mostRows = 4;
/** Repetitions of a sentence that show a loop. Shorter ones may be a form. */
const mostSentences = 3;
const fewestLetters = 30;
/** In scripts without spaces between words, each character says more. */
const fewestLettersWithoutBlanks = 12;
/** Most repetitions of the same few words in a row. */
const mostInARow = 6;

/** Whether a text repeats itself, as by models in a loop. Code blocks do not count. */
export function repeatsItself(text: string): boolean {
  const { prose } = separateBlocks(text);
  return hasRepeatedSentence(prose) || hasRepeatedRow(prose) || hasStutter(prose);
}

function hasRepeatedSentence(prose: string): boolean {
  const counts = new Map<string, number>();
  for (const sentence of prose.split(/[.!?](?=\s|$)|\n|[。！？]/)) {
    const key = sentence
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim()
      .toLowerCase();
    const letters = key.replaceAll(' ', '').length;
    const fewest = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(key)
      ? fewestLettersWithoutBlanks
      : fewestLetters;
    if (letters < fewest) continue;
    const count = (counts.get(key) ?? 0) + 1;
    if (count >= mostSentences) return true;
    counts.set(key, count);
  }
  return false;
}

function hasRepeatedRow(prose: string): boolean {
  const words = prose.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let at = 0; at + rowLength <= words.length; at++) {
    const row = words.slice(at, at + rowLength);
    const key = row.join(' ');
    const count = (counts.get(key) ?? 0) + 1;
    if (count >= mostRows && new Set(row).size > 2) return true;
    counts.set(key, count);
  }
  return false;
}

/** Whether one to three words are repeated in a row. */
function hasStutter(prose: string): boolean {
  const words = prose.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return [1, 2, 3].some((period) => {
    let run = 0;
    return words.some((word, at) => {
      run = at >= period && word === words[at - period] && /\p{L}/u.test(word) ? run + 1 : 0;
      return run >= period * mostInARow;
    });
  });
}
