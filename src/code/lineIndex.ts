/**
 * Finds the next line that starts with a word after optional white space. The index is made once per text, so
 * that repeated searches for missing words do not read the text again.
 * @returns a function that gives the end of the word in the first such line at or after `from`
 */
export function lineIndex(text: string): (word: string, from: number) => number | undefined {
  const lines = new Map<string, { start: number; end: number }[]>();
  for (const { 0: whole, 1: word = '', index } of text.matchAll(/^[ \t]*(\w+)/gm)) {
    const known = lines.get(word);
    const line = { start: index, end: index + whole.length };
    if (known) known.push(line);
    else lines.set(word, [line]);
  }
  return (word, from) => firstFrom(lines.get(word) ?? [], from)?.end;
}

/** @param lines in order */
function firstFrom<T extends { start: number }>(lines: readonly T[], from: number): T | undefined {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.start < from) low = middle + 1;
    else high = middle;
  }
  return lines[low];
}
