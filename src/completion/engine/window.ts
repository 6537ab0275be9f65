/** Lines by which the start of the prefix moves: after typing that many, everything is read again. */
const jumpLines = 32;
/** Largest step as a share of the window, for long lines. */
const jumpShare = 1 / 2;
/**
 * Reserved for text typed before the next step: a share of the window, at most what two steps usually need.
 */
const freeShare = 1 / 4;
const maxFree = 2_000;

/**
 * The text before the cursor from the start of the window. That start depends only on text far before the
 * cursor, so it stays while the user types, and then moves in steps.
 */
export function prefixWindow(prefix: string, maxLength: number): string {
  const room = Math.max(0, Math.floor(maxLength));
  if (prefix.length <= room) return prefix;
  if (room === 0) return '';
  const starts = jumpPoints(prefix, Math.max(1, Math.floor(room * jumpShare)));
  const settled = starts.at(-1)! - room + Math.min(room * freeShare, maxFree);
  const needed = prefix.length - room;
  const start = starts.find((at) => at >= settled && at >= needed) ?? prefix.length;
  return prefix.slice(start);
}

/**
 * Possible starts of a window: every few lines, and inside lines that are longer than a step. They are
 * counted from the start of the file, so later text does not move them, and are far enough apart that a few
 * keys cannot cross two of them.
 */
function jumpPoints(text: string, maxJump: number): number[] {
  const points = [0];
  const minJump = maxJump / 8;
  let [from, lines, lastLine] = [0, 0, 0];
  for (let end = text.indexOf('\n') + 1; ; end = text.indexOf('\n', end) + 1) {
    const reached = end === 0 ? text.length : end;
    while (reached - from > maxJump) {
      from = lastLine - from >= minJump ? lastLine : wholeCharacters(text, from + maxJump, from);
      lines = 0;
      points.push(from);
    }
    if (end === 0) return points;
    lines += 1;
    lastLine = end;
    if (lines >= jumpLines && end - from >= minJump) {
      [from, lines] = [end, 0];
      points.push(from);
    }
  }
}

/** The text after the cursor, in whole lines if at least one with text fits. Does not depend on what is typed. */
export function suffixWindow(suffix: string, maxLength: number): string {
  const room = Math.max(0, Math.floor(maxLength));
  if (suffix.length <= room) return suffix;
  const lines = suffix.slice(0, room === 0 ? 0 : suffix.lastIndexOf('\n', room - 1) + 1);
  return lines.trim() === '' ? suffix.slice(0, room - (splitsAt(suffix, room) ? 1 : 0)) : lines;
}

/** Moves a cut so that it is not inside a character, but never back to the previous cut. */
function wholeCharacters(text: string, at: number, from: number): number {
  if (!splitsAt(text, at)) return at;
  return at - 1 > from ? at - 1 : at + 1;
}

/** Whether an offset is inside a surrogate pair or a line break. */
function splitsAt(text: string, at: number): boolean {
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(text.slice(at - 1, at + 1));
}
