import { escapeControlChars } from './controlChars.ts';

/** Invisible characters without meaning in a text for readers. For code, see `cleanCharacters`. */
const hidden = /[\p{Default_Ignorable_Code_Point}\u2028\u2029\u0085\uFFF9-\uFFFB]/gu;
const lineEnds = /[\u0085\u2028\u2029]/;
const joiners = new Set(['\u200C', '\u200D', '\uFE0E', '\uFE0F']);
/** Characters that a joiner or variation selector may follow. */
const joinable =
  /[\p{Extended_Pictographic}\p{Emoji}\p{Emoji_Modifier}\uFE0F\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const flagBegun = /\u{1F3F4}[\u{E0020}-\u{E007E}]*$/u;
const ideograph = /[\p{Script=Han}\p{Sm}][\uFE00-\uFE0F\u{E0100}-\u{E01EF}]?$/u;
/** Characters of earlier text that are kept: the length of a region's flag. */
const contextChars = 40;

/**
 * A text for readers, piece by piece: drops and counts invisible characters, and makes those visible that
 * would control a terminal. Unusual spaces stay: they are correct in the prose of many languages, and nothing
 * is run from there. Keeps what emoji and scripts need, and what the user's own text contains.
 */
export class ShownText {
  private readonly known: ReadonlySet<string>;
  private before = '';
  /** An unpaired surrogate at the end of a piece. */
  private half = '';
  /** Number of characters dropped. */
  dropped = 0;

  constructor(known = '') {
    this.known = new Set(known.match(hidden) ?? []);
    // A byte-order mark belongs to a file, so no text needs one.
    (this.known as Set<string>).delete('\uFEFF');
  }

  add(piece: string): string {
    const whole = this.half + piece;
    this.half = /[\uD800-\uDBFF]$/.exec(whole)?.[0] ?? '';
    const text = whole.slice(0, whole.length - this.half.length);
    let shown = '';
    let from = 0;
    for (const { 0: character, index } of text.matchAll(hidden)) {
      shown += text.slice(from, index);
      shown += this.keeps(character, (this.before + shown).slice(-contextChars));
      from = index + character.length;
    }
    shown += text.slice(from);
    this.before = (this.before + shown).slice(-contextChars);
    return escapeControlChars(shown);
  }

  private keeps(character: string, before: string): string {
    if (this.known.has(character)) return character;
    if (joiners.has(character) && joinable.test(before)) return character;
    if (/[\u{E0020}-\u{E007F}]/u.test(character) && flagBegun.test(before)) return character;
    if (/[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u.test(character) && ideograph.test(before)) return character;
    this.dropped++;
    return lineEnds.test(character) ? '\n' : '';
  }
}

/** A whole text for readers; see {@link ShownText}. */
export function shownText(text: string, known = ''): { text: string; dropped: number } {
  const shown = new ShownText(known);
  return { text: shown.add(text), dropped: shown.dropped };
}
