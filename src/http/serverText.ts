/** Control characters of terminals and text direction, and invisible characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** At most so many characters of a text, and then an ellipsis. */
export function clip(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most).toWellFormed()}…` : text;
}

/**
 * A text of a server or a model for a message: one line, at most `most` characters, invisible characters as
 * their codes.
 */
export function cleanServerText(text: string, most = 200): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return clip(line, most).replaceAll(unseen, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}

const schemes = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi;
const prefixed = /\b(?:sk|pk|hf|gh[opsu]|glpat|github_pat|xox[abp])[-_][\w-]{10,}/g;
/**
 * A value after a word such as "key". It must contain a digit, because ordinary words also follow such words.
 */
const named =
  /\b((?:api[-_ ]?)?key|access[-_ ]?token|token|secret|password)(["']?\s*(?:[:=]|is)?\s*["']?)(?=[\w.+/=~-]*\d)[\w.+/=~-]{8,}/gi;

/** Removes what looks like a key: a gateway may repeat the key that it refuses. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(schemes, '$1 <secret>')
    .replaceAll(prefixed, '<secret>')
    .replaceAll(named, '$1$2<secret>');
}
