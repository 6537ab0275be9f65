import type { LocalizableMessage } from '../ollama/index.ts';
import type { Redactor } from './redact.ts';

/** The text of a sentence in the language of the user. */
export type Translate = (sentence: LocalizableMessage) => string;

/** More of one text than this many characters says nothing more. */
const mostCharacters = 300;

/** Characters that steer terminals or the direction of text, and those that cannot be seen. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Makes values into Markdown that does nothing: redacted, one line, clipped, in a code span, where there are no
 * links, no HTML and no mentions.
 */
export function inert(redact: Redactor): (value: string | number) => string {
  return (value) => {
    if (typeof value === 'number') return String(value);
    const line = redact(value.replaceAll(/\s+/g, ' ').replaceAll(unseen, '')).trim();
    const clipped = line.length > mostCharacters ? `${line.slice(0, mostCharacters).toWellFormed()}…` : line;
    // A backtick would end the span; a bar would end the cell of a table, even within a span.
    return clipped ? `\`${clipped.replaceAll('`', "'").replaceAll('|', '¦')}\`` : '–';
  };
}

/** In the quotes of all languages, French ones with blanks inside. */
const quotedSpan = /["“„«「『][\u00a0\u202f]?(`[^`]*`)[\u00a0\u202f]?["”“»」』]/g;

/** A sentence whose arguments are inert; its template is ours. Quotes around a code span would say the same twice. */
export function inertSentence(
  { template, args, serverText }: LocalizableMessage,
  translate: Translate,
  show: (value: string | number) => string,
): string {
  const quote = serverText === undefined ? {} : { serverText: show(serverText) };
  return translate({ template, args: args.map(show), ...quote }).replaceAll(quotedSpan, '$1');
}
