/** The first characters of a text, without half of a surrogate pair at the end. */
export function firstChars(text: string, most: number): string {
  return text.length > most ? text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '') : text;
}

/** At most so many characters of a text, and three dots where it is cut. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${firstChars(text, most)}...` : text;
}

/** A text on one line, with control characters as spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** The same, at most so many characters. */
export function clippedLine(text: string, most: number): string {
  return clipped(oneLine(text), most);
}
