/** As much of the box of a source control as is needed. */
interface InputBox {
  value: string;
}

/** Writes into the box of the Source Control view without ever losing what the user has typed there. */
export class InputBoxWriter {
  /** What stood there before. */
  readonly before: string;
  private readonly box: InputBox;
  /** Every value that is not of the user's making: VS Code echoes older ones while newer ones are on their way. */
  private readonly own: Set<string>;

  constructor(box: InputBox) {
    this.box = box;
    this.before = box.value;
    this.own = new Set([this.before]);
  }

  /**
   * Shows a message in place of the last one.
   * @returns false when the user has typed in the box meanwhile: then it is theirs and stays as it is
   */
  show(message: string): boolean {
    if (!this.own.has(this.box.value)) return false;
    // The box keeps what was typed until there is something to show.
    if (message) this.put(message);
    return true;
  }

  /** Brings back what stood there; what the user has typed since stays below it. */
  restore(): void {
    const typed = this.own.has(this.box.value) ? '' : this.box.value;
    this.put(typed ? [this.before, typed].filter(Boolean).join('\n\n') : this.before);
  }

  addBelow(message: string): void {
    this.box.value = [this.box.value.trimEnd(), message].filter(Boolean).join('\n\n');
  }

  private put(value: string): void {
    this.own.add(value);
    this.box.value = value;
  }
}
