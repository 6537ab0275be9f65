/** Changes to the characters of a text. */
export interface CharacterChanges {
  /** Number of invisible characters removed. */
  removed: number;
  /** Number of unusual spaces and line ends replaced by plain ones. */
  replaced: number;
}

export interface CleanedCharacters extends CharacterChanges {
  text: string;
}

/**
 * Characters that are invisible or affect visible ones: control characters, bidirectional controls,
 * zero-width characters, tags, variation selectors, unpaired surrogates, and unusual spaces and line ends.
 */
const unusual =
  /[\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\uFFF9-\uFFFB\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]|(?![\t\n\r])\p{Cc}/gu;
const oddSpace = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/;
const oddLineEnd = /[\u0085\u2028\u2029]/;

/** The flag of a region, such as Scotland's: the only use of tag characters. */
const tagFlag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,12}\u{E007F}/gu;
const emoji = /\p{Extended_Pictographic}/u;
const emojiEnd = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u;
/** Digits and signs become keycap emoji with a selector. */
const mayHaveSelector = /[\p{Emoji}\p{Sm}\u3000-\u303F]/u;
/** Scripts in which joiners change the shape, and so the meaning, of letters. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const han = /\p{Script=Han}/u;
const mongolian = /\p{Script=Mongolian}/u;
const hangul = /\p{Script=Hangul}/u;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303F\uFF01-\uFF60]/u;

/**
 * Cleans a model's text for a file: removes invisible characters and replaces unusual spaces and line ends by
 * plain ones. Keeps what emoji and scripts need, and what the known text has between the same neighbors.
 * @param known the text that it was made from, or that it replaces
 */
export function cleanCharacters(text: string, known = ''): CleanedCharacters {
  const kept = contextsOf(known);
  const flags = flagsIn(text);
  const changes = { removed: 0, replaced: 0 };
  const clean = text.replaceAll(unusual, (character, index: number) => {
    const { before, after } = neighborsOf(text, index, character.length);
    if (flags.has(index) || isNeeded(character, before, after)) return character;
    // A byte-order mark belongs to a file, so no text needs to start with one.
    if (before !== '' && kept.has(`${before}${character}${after}`)) return character;
    if (oddSpace.test(character)) return count(changes, 'replaced', ' ');
    if (oddLineEnd.test(character)) return count(changes, 'replaced', '\n');
    return count(changes, 'removed', '');
  });
  return { text: clean, ...changes };
}

function count(changes: CharacterChanges, which: keyof CharacterChanges, text: string): string {
  changes[which]++;
  return text;
}

/** All unusual characters with their neighbors. */
function contextsOf(known: string): Set<string> {
  const contexts = new Set<string>();
  for (const { 0: character, index } of known.matchAll(unusual)) {
    const { before, after } = neighborsOf(known, index, character.length);
    contexts.add(`${before}${character}${after}`);
  }
  return contexts;
}

/** All kinds of line ends count as equal. */
function neighborsOf(text: string, index: number, length: number): { before: string; after: string } {
  const [before = ''] = /[^]$/u.exec(text.slice(Math.max(0, index - 2), index)) ?? [];
  const [after = ''] = /^[^]/u.exec(text.slice(index + length, index + length + 2)) ?? [];
  return { before: before === '\r' ? '\n' : before, after: after === '\r' ? '\n' : after };
}

function flagsIn(text: string): Set<number> {
  const inFlag = new Set<number>();
  if (!text.includes('\u{1F3F4}')) return inFlag;
  for (const { 0: flag, index } of text.matchAll(tagFlag))
    for (let at = index; at < index + flag.length; at++) inFlag.add(at);
  return inFlag;
}

/** Whether the character is part of the visible characters around it. */
function isNeeded(character: string, before: string, after: string): boolean {
  switch (character) {
    case '\u200D':
      return (emojiEnd.test(before) && emoji.test(after)) || (joining.test(before) && before !== '');
    case '\u200C':
      return joining.test(before) && (joining.test(after) || after === '' || /\P{L}/u.test(after));
    case '\u3000':
      return wide.test(before) || wide.test(after);
    case '\u2800':
      return /[\u2801-\u28FF]/.test(before) || /[\u2801-\u28FF]/.test(after);
    default:
      return (
        isSelectorOf(character, before) ||
        (/[\u115F\u1160\u3164\uFFA0]/.test(character) && hangul.test(before + after))
      );
  }
}

function isSelectorOf(character: string, before: string): boolean {
  if (/[\uFE00-\uFE0F]/.test(character)) return mayHaveSelector.test(before) || han.test(before);
  if (/[\u{E0100}-\u{E01EF}]/u.test(character)) return han.test(before);
  return /[\u180B-\u180F]/.test(character) && mongolian.test(before);
}
