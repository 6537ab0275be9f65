import type { Neighbor } from './engine/index.ts';

/** Lines of a piece: those around the place where the user was. */
const pieceLines = 24;
/** Pieces that are remembered; then the older half goes at once, so that the others move rarely. */
const mostPieces = 12;

/**
 * Pieces of the files that were edited or visited lately, the newest last. A piece is made when the user leaves a file
 * and is never changed: what is typed changes nothing in a prompt.
 */
export class RecentPieces {
  private pieces: readonly Neighbor[] = [];

  /** The user has left a file, with the cursor in a line (from 0). */
  left(path: string, text: string, line: number): void {
    const piece = { path, text: linesAt(text, line) };
    if (piece.text.trim() === '') return;
    const others = this.pieces.filter((one) => one.path !== path);
    const kept = others.length < mostPieces ? others : others.slice(-mostPieces / 2);
    this.pieces = [...kept, piece];
  }

  /** Those of other files than this one, in the order in which they came. */
  besides(path: string): Neighbor[] {
    return this.pieces.filter((piece) => piece.path !== path);
  }

  clear(): void {
    this.pieces = [];
  }
}

function linesAt(text: string, line: number): string {
  const lines = text.split(/\r?\n/);
  const first = Math.max(0, Math.min(line - pieceLines / 2, lines.length - pieceLines));
  return lines.slice(first, first + pieceLines).join('\n');
}

/** As many as fit into so many characters, the first ones first: a later one never takes the place of an earlier one. */
export function withinBudget(neighbors: readonly Neighbor[], chars: number): Neighbor[] {
  let left = chars;
  return neighbors.filter(({ path, text }) => {
    const length = path.length + text.length + 2;
    if (length > left) return false;
    left -= length;
    return true;
  });
}
