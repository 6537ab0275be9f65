import { opensBlock } from './engine/index.ts';
import { wantsLines, type Place } from './place.ts';

/**
 * The likely position of the user after accepting a suggestion: after it if it opens a block, else on the
 * line below, which the editor indents like the one before.
 * @returns `given`: the text between the suggestion's position and that one
 */
export function nextPlace(place: Place, text: string): { place: Place; given: string } | undefined {
  const behind = moved(place, text);
  if (wantsLines(behind) && !place.byHand) return { place: behind, given: text };
  if (place.suffix.split(/\r?\n/, 1)[0]!.trim() !== '') return undefined;
  const line = behind.prefix.slice(behind.prefix.lastIndexOf('\n') + 1);
  if (opensBlock(line) || line.trim() === '') return undefined;
  const eol = place.prefix.includes('\r\n') || place.suffix.includes('\r\n') ? '\r\n' : '\n';
  const given = `${text}${eol}${/^\s*/.exec(line)![0]}`;
  return { place: moved(place, given), given };
}

function moved({ selected, ...place }: Place, text: string): Place {
  const offset = place.offset + (selected?.text.length ?? 0) + text.length;
  return { ...place, offset, prefix: place.prefix + text, byHand: false };
}
