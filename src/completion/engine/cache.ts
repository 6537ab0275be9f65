import { trimSuggestion } from './trim/trim.ts';
import type { TrimContext } from './trim/surroundings.ts';

/** Characters that identify a position. */
const tailLength = 1_000;
const headLength = 1_000;
const defaultLimit = 32;
const pairs: Record<string, string> = { '(': ')', '[': ']', '{': '}', '"': '"', "'": "'", '`': '`' };

interface Entry {
  languageId: string;
  multiline: boolean;
  prefixLength: number;
  /** The end of the prefix and the beginning of the suffix. */
  tail: string;
  head: string;
  suffixLength: number;
  text: string;
}

/**
 * Earlier suggestions. They are found again while their text is typed and when it is deleted. One cache is
 * for one document and one model.
 */
export class SuggestionCache {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  readonly #limit: number;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  /** @param text as it was shown at this position; after an acceptance, with the prefix at that time */
  add({ prefix, suffix, languageId, multiline }: TrimContext, text: string): void {
    if (text === '') return;
    this.#entries.push({
      languageId,
      multiline,
      prefixLength: prefix.length,
      tail: detached(prefix.slice(-tailLength)),
      head: detached(suffix.slice(0, headLength)),
      suffixLength: suffix.length,
      text,
    });
    if (this.#entries.length > this.#limit) this.#entries.shift();
  }

  /** The rest of the suggestion that matches the longest text before the cursor. */
  find(context: TrimContext): string | undefined {
    let best: { entry: Entry; text: string } | undefined;
    for (const entry of this.#entries) {
      const text = remainder(entry, context);
      if (text !== undefined && (!best || entry.prefixLength >= best.entry.prefixLength))
        best = { entry, text };
    }
    return best?.text;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

function remainder(entry: Entry, context: TrimContext): string | undefined {
  const { prefix, suffix, languageId, multiline } = context;
  const typedLength = prefix.length - entry.prefixLength;
  if (languageId !== entry.languageId || (multiline && !entry.multiline)) return undefined;
  if (typedLength < 0 || typedLength >= entry.text.length) return undefined;
  const typed = prefix.slice(entry.prefixLength);
  const tail = prefix.slice(Math.max(0, entry.prefixLength - tailLength), entry.prefixLength);
  if (!entry.text.startsWith(typed) || tail !== entry.tail) return undefined;
  const closed = closedByEditor(entry, suffix, typed);
  const rest = entry.text.slice(typed.length);
  if (closed === undefined) return undefined;
  return (
    (closed === '' ? rest : trimSuggestion(rest, { ...context, multiline: entry.multiline })) || undefined
  );
}

/**
 * The characters that the editor has closed automatically after the typed text; undefined when the suffix is
 * a different one.
 */
function closedByEditor(entry: Entry, suffix: string, typed: string): string | undefined {
  const length = suffix.length - entry.suffixLength;
  const closed = suffix.slice(0, Math.max(0, length));
  if (length < 0 || suffix.slice(length, length + headLength) !== entry.head) return undefined;
  const open = typed
    .split('')
    .filter((character) => pairs[character])
    .toReversed();
  const own = closed
    .split('')
    .every((character, at) => open[at] !== undefined && pairs[open[at]] === character);
  return own ? closed : undefined;
}

/** Copies the text: a slice would keep the whole document in memory. */
function detached(text: string): string {
  return Array.from(text).join('');
}
