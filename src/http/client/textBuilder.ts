/** Pieces collected before they are joined. Appending each one would build a deep V8 cons-string. */
const mostPieces = 1024;

/** Builds a text from many pieces in linear time. */
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
