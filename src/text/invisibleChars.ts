/** What was done to the characters of a text. */
export interface CharacterChanges {
  /** Characters that cannot be seen and were removed. */
  removed: number;
  /** Unusual spaces and ends of lines that became plain ones. */
  replaced: number;
}

export interface CleanedCharacters extends CharacterChanges {
  text: string;
}

/**
 * Characters that cannot be seen, or steer what can: controls, those that turn the direction of writing, zero-width
 * ones, tags, variation selectors, halves of characters, and spaces and ends of lines that only look like plain ones.
 */
const unusual =
  /[\p{Default_Ignorable_Code_Point}\p{Cs}\u2028\u2029\uFFF9-\uFFFB\u00A0\u1680\u2000-\u200A\u202F\u205F\u2800\u3000]|(?![\t\n\r])\p{Cc}/gu;
const oddSpace = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/;
const oddLineEnd = /[\u0085\u2028\u2029]/;

/** A flag of a region, such as Scotland's: the only use of tag characters. */
const tagFlag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,12}\u{E007F}/gu;
const emoji = /\p{Extended_Pictographic}/u;
const emojiEnd = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]/u;
/** Digits and signs become keycaps with a selector. */
const mayHaveSelector = /[\p{Emoji}\p{Sm}\u3000-\u303F]/u;
/** Scripts in which joiners change how letters are drawn, and with it what is meant. */
const joining =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Nko}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
const han = /\p{Script=Han}/u;
const mongolian = /\p{Script=Mongolian}/u;
const hangul = /\p{Script=Hangul}/u;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303F\uFF01-\uFF60]/u;

/**
 * A text of a model as it goes into a file: characters that cannot be seen are removed, unusual spaces and ends of
 * lines become plain ones. What emoji and scripts need stays, and what the known text has between the same neighbors.
 *
 * @param known the text that it is made from, or that it replaces
 */
export function cleanCharacters(text: string, known = ''): CleanedCharacters {
  const kept = contextsOf(known);
  const flags = flagsIn(text);
  const changes = { removed: 0, replaced: 0 };
  const clean = text.replaceAll(unusual, (character, index: number) => {
    const { before, after } = neighborsOf(text, index, character.length);
    if (flags.has(index) || isNeeded(character, before, after)) return character;
    // A byte-order mark is the file's own; nothing in a text has to begin with one.
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

/** Every unusual character with its neighbors. */
function contextsOf(known: string): Set<string> {
  const contexts = new Set<string>();
  for (const { 0: character, index } of known.matchAll(unusual)) {
    const { before, after } = neighborsOf(known, index, character.length);
    contexts.add(`${before}${character}${after}`);
  }
  return contexts;
}

/** Ends of lines count as one kind. */
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

/** Whether the character is a part of what can be seen around it. */
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
