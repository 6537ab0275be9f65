import type * as vscode from 'vscode';

/** How often, and when, prompts went to a server. Nothing of what was in them. */
export interface SentTo {
  /** Origin and path. */
  origin: string;
  /** RFC 3339. */
  first: string;
  last: string;
  /** Prompts that were sent, those that were sent again after a failure included. */
  count: number;
}

const storageKey = 'sentTo';

/** Where code was sent: the user can look whenever they want to know. */
export class SentLog {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  /** The server that was used last comes first. */
  get all(): readonly SentTo[] {
    return this.memory
      .get<SentTo[]>(storageKey, [])
      .toSorted((one, other) => other.last.localeCompare(one.last));
  }

  add(address: string): void {
    const now = new Date().toISOString();
    const before = this.all.find((sent) => sent.origin === address) ?? {
      origin: address,
      first: now,
      count: 0,
    };
    const others = this.all.filter((sent) => sent.origin !== address);
    void this.memory.update(storageKey, [...others, { ...before, last: now, count: before.count + 1 }]);
  }
}
