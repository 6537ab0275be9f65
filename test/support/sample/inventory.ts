/** One kind of goods on the shelf. */
export interface Item {
  name: string;
  /** In cents, so that sums stay exact. */
  price: number;
  quantity: number;
}

/** What is in stock, by name. */
export class Inventory {
  private readonly items = new Map<string, Item>();

  /** Puts goods on the shelf; more of a known item raises its quantity. */
  add(item: Item): void {
    if (item.quantity <= 0) {
      throw new RangeError(`quantity of ${item.name} must be positive`);
    }
    const known = this.items.get(item.name);
    if (known) {
      known.quantity += item.quantity;
    } else {
      this.items.set(item.name, item);
    }
  }

  /** Takes goods off the shelf and returns how many are left. */
  remove(name: string, quantity: number): number {
    const item = this.items.get(name);
    if (!item) {
      throw new Error(`no such item: ${name}`);
    }
    if (quantity > item.quantity) {
      throw new RangeError(`only ${item.quantity} of ${name} left`);
    }
    item.quantity -= quantity;
    if (item.quantity === 0) {
      this.items.delete(name);
    }
    return item.quantity;
  }

  /** What everything on the shelf is worth, in cents. */
  total(): number {
    let sum = 0;
    for (const { price, quantity } of this.items.values()) {
      sum += price * quantity;
    }
    return sum;
  }
}
