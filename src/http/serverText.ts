/** Characters that steer terminals or the direction of text, and those that cannot be seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * What a server or a model has written, for a message: one line, at most so many characters, and what cannot be
 * seen written as its code.
 */
export function cleanServerText(text: string, most = 200): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  const clipped = line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line;
  return clipped.replaceAll(unseen, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}
