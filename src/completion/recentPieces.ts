import type { Neighbor } from './engine/index.ts';

/** Lines of a piece around the user's position. */
const pieceLines = 24;
/** Most pieces. Then the older half is removed at once, so that the others rarely move. */
const mostPieces = 12;

/**
 * Pieces of recently edited or visited files, newest last. A piece is made when the user leaves a file and
 * never changes, so typing does not change the prompt.
 */
export class RecentPieces {
  private pieces: readonly Neighbor[] = [];

  /** Called when the user leaves a file, with the cursor's line (from 0). */
  left(path: string, text: string, line: number): void {
    const piece = { path, text: linesAt(text, line) };
    if (piece.text.trim() === '') return;
    const others = this.pieces.filter((one) => one.path !== path);
    const kept = others.length < mostPieces ? others : others.slice(-mostPieces / 2);
    this.pieces = [...kept, piece];
  }

  /** The pieces of other files, in the order of creation. */
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

/** As many as fit into `chars` characters, in order, so that a later one never displaces an earlier one. */
export function withinBudget(neighbors: readonly Neighbor[], chars: number): Neighbor[] {
  let left = chars;
  return neighbors.filter(({ path, text }) => {
    const length = path.length + text.length + 2;
    if (length > left) return false;
    left -= length;
    return true;
  });
}
