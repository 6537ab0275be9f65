import { clip, type LocalizableMessage } from '../ollama/index.ts';
import type { Redactor } from './redact.ts';

/** Localizes a message. */
export type Translate = (sentence: LocalizableMessage) => string;

/** Most characters of one value. */
const mostCharacters = 300;

/** Control characters of terminals and text direction, and invisible characters. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Turns values into inactive Markdown: redacted, on one line, shortened, in a code span, where links, HTML
 * and mentions have no effect.
 */
export function inert(redact: Redactor): (value: string | number) => string {
  return (value) => {
    if (typeof value === 'number') return String(value);
    const line = redact(value.replaceAll(/\s+/g, ' ').replaceAll(unseen, '')).trim();
    const clipped = clip(line, mostCharacters);
    // A backtick would end the code span; a bar would end the table cell, even inside a code span.
    return clipped ? `\`${clipped.replaceAll('`', "'").replaceAll('|', '¦')}\`` : '–';
  };
}

/** Quotation marks of all languages; French ones have spaces inside. */
const quotedSpan = /["“„«「『][\u00a0\u202f]?(`[^`]*`)[\u00a0\u202f]?["”“»」』]/g;

/**
 * A sentence with inactive arguments; its template is ours. Quotation marks around a code span are removed as
 * redundant.
 */
export function inertSentence(
  { template, args, serverText }: LocalizableMessage,
  translate: Translate,
  show: (value: string | number) => string,
): string {
  const quote = serverText === undefined ? {} : { serverText: show(serverText) };
  return translate({ template, args: args.map(show), ...quote }).replaceAll(quotedSpan, '$1');
}
