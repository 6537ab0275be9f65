/** The used part of a source control's input box. */
interface InputBox {
  value: string;
}

/** Writes into the input box of the Source Control view without losing what the user types there. */
export class InputBoxWriter {
  /** The text before the first write. */
  readonly before: string;
  private readonly box: InputBox;
  /** All values that are not from the user: VS Code may report older ones while newer ones are being set. */
  private readonly own: Set<string>;

  constructor(box: InputBox) {
    this.box = box;
    this.before = box.value;
    this.own = new Set([this.before]);
  }

  /**
   * Replaces the shown message.
   * @returns false when the user has edited the box meanwhile: then the box is left unchanged
   */
  show(message: string): boolean {
    if (!this.own.has(this.box.value)) return false;
    // The user's text stays until there is something to show.
    if (message) this.put(message);
    return true;
  }

  /** Restores the earlier text, followed by what the user has typed since. */
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
