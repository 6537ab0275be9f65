/**
 * A text whose line breaks are all `
 * `, with conversions between its offsets and those of the original.
 */
export interface LineFeeds {
  text: string;
  offset: (original: number) => number;
  original: (offset: number) => number;
}

export function toLineFeeds(original: string): LineFeeds {
  const returns = [...original.matchAll(/\r\n/g)].map(({ index }, at) => index - at);
  if (returns.length === 0) return { text: original, offset: (at) => at, original: (at) => at };
  const countBefore = (at: number): number => {
    let [low, high] = [0, returns.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (returns[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    text: original.replaceAll('\r\n', '\n'),
    offset: (at) =>
      at -
      [...original.slice(0, at).matchAll(/\r\n/g)].length -
      (original[at - 1] === '\r' && original[at] === '\n' ? 1 : 0),
    original: (at) => at + countBefore(at),
  };
}
