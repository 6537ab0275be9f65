import { escapeControlChars } from './controlChars.ts';

/** What cannot be seen and means nothing in a text for people; see `cleanCharacters` for code. */
const hidden = /[\p{Default_Ignorable_Code_Point}\u2028\u2029\u0085\uFFF9-\uFFFB]/gu;
const lineEnds = /[\u0085\u2028\u2029]/;
const joiners = new Set(['\u200C', '\u200D', '\uFE0E', '\uFE0F']);
/** What a joiner or a selector of a picture may follow. */
const joinable =
  /[\p{Extended_Pictographic}\p{Emoji}\p{Emoji_Modifier}\uFE0F\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const flagBegun = /\u{1F3F4}[\u{E0020}-\u{E007E}]*$/u;
const ideograph = /[\p{Script=Han}\p{Sm}][\uFE00-\uFE0F\u{E0100}-\u{E01EF}]?$/u;
/** As much of the text before as a flag of a region takes. */
const contextChars = 40;

/**
 * A text for people, piece by piece: what cannot be seen is dropped and counted, what would steer a terminal is shown.
 * Spaces that only differ in how they break or how wide they are stay: they are right in many languages' prose, and
 * nothing is run from there. What emoji and scripts need stays, and what the user's own text has.
 */
export class ShownText {
  private readonly known: ReadonlySet<string>;
  private before = '';
  /** Half a character at the end of a piece. */
  private half = '';
  /** How many characters were dropped. */
  dropped = 0;

  constructor(known = '') {
    this.known = new Set(known.match(hidden) ?? []);
    // A byte-order mark is the file's own, and no text in a file has to have one.
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

/** All of a text for people; see {@link ShownText}. */
export function shownText(text: string, known = ''): { text: string; dropped: number } {
  const shown = new ShownText(known);
  return { text: shown.add(text), dropped: shown.dropped };
}
