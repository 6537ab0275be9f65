/** At most so many characters of a text, and three dots where it is cut. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')}...` : text;
}

/** The same on one line, with control characters as spaces. */
export function clippedLine(text: string, most: number): string {
  return clipped(text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim(), most);
}
