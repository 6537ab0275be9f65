/** The lines of offsets in a text, counted from 0. */
export class LineNumbers {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
    if (this.starts.length > 1 && this.starts.at(-1) === text.length) this.starts.pop();
  }

  get count(): number {
    return this.starts.length;
  }

  of(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
