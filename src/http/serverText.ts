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

const schemes = /\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi;
const prefixed = /\b(?:sk|pk|hf|gh[opsu]|glpat|github_pat|xox[abp])[-_][\w-]{10,}/g;
/** A value after a word for a secret; with a digit in it, because words follow such a word, too. */
const named =
  /\b((?:api[-_ ]?)?key|access[-_ ]?token|token|secret|password)(["']?\s*(?:[:=]|is)?\s*["']?)(?=[\w.+/=~-]*\d)[\w.+/=~-]{8,}/gi;

/** Takes what looks like a key out of a text: a gateway may repeat the one that it refuses. */
export function withoutSecrets(text: string): string {
  return text
    .replaceAll(schemes, '$1 <secret>')
    .replaceAll(prefixed, '<secret>')
    .replaceAll(named, '$1$2<secret>');
}
