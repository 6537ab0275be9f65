/** Equal tokens in a row from which a server ends an answer; newer ones allow more, and say so in an error line. */
const mostEqual = 30;

/** Notices that an answer repeats one token, as the server's own guard does: without the spaces around it. */
export class RepetitionCounter {
  private token = '';
  private equal = 0;

  add(text: string): void {
    const token = text.trim();
    this.equal = token === this.token ? this.equal + 1 : 0;
    this.token = token;
  }

  /** Whether the server may have ended the answer for that. */
  get isOver(): boolean {
    return this.equal >= mostEqual;
  }
}
