/** Pieces kept apart before they are joined: one by one they would make a rope of a million strings. */
const mostPieces = 1024;

/** Text that grows piece by piece, at the cost of its length alone. */
export class TextBuilder {
  private pieces: string[] = [];
  private text = '';

  add(piece: string): void {
    if (this.pieces.push(piece) >= mostPieces) this.fold();
  }

  toString(): string {
    this.fold();
    return this.text;
  }

  private fold(): void {
    this.text += this.pieces.join('');
    this.pieces = [];
  }
}
