/**
 * Equal tokens in a row after which a server ends an answer. Newer servers allow more and send an error line.
 */
const mostEqual = 30;

/** Detects that an answer repeats one token, as the server does: ignoring the spaces around it. */
export class RepetitionCounter {
  private token = '';
  private equal = 0;

  add(text: string): void {
    const token = text.trim();
    this.equal = token === this.token ? this.equal + 1 : 0;
    this.token = token;
  }

  /** Whether the server may have ended the answer because of repetition. */
  get isOver(): boolean {
    return this.equal >= mostEqual;
  }
}
