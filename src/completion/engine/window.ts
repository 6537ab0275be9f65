/** Lines by which the beginning of the prefix moves: so many lines are typed before everything is read again. */
const jumpLines = 32;
/** A jump is at most this share of the window, where lines are long. */
const jumpShare = 1 / 2;
/** Kept free for what is typed before the next jump: a share of the window, at most what two jumps usually need. */
const freeShare = 1 / 4;
const maxFree = 2_000;

/**
 * The text before the cursor from where the window begins. The window begins at a line that depends only on what
 * stands well before the cursor, so that it stays where it is while one types, and moves in jumps.
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
 * Where a window may begin: every so many lines, and inside a line that is longer than a jump may be. Counted from
 * the beginning of the file, so that nothing behind a point moves it, and never so near to each other that a few keys
 * go over two of them.
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

/** The text after the cursor, in whole lines where at least one fits. It does not depend on what is typed. */
export function suffixWindow(suffix: string, maxLength: number): string {
  const room = Math.max(0, Math.floor(maxLength));
  if (suffix.length <= room) return suffix;
  const end = suffix.lastIndexOf('\n', room - 1) + 1;
  return suffix.slice(0, room === 0 ? 0 : end > 0 ? end : room - (splitsAt(suffix, room) ? 1 : 0));
}

/** The cut moved so that it is not inside a character; never back to where the last one was. */
function wholeCharacters(text: string, at: number, from: number): number {
  if (!splitsAt(text, at)) return at;
  return at - 1 > from ? at - 1 : at + 1;
}

/** Between the two halves of a character, or between the two of a line break. */
function splitsAt(text: string, at: number): boolean {
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(text.slice(at - 1, at + 1));
}
