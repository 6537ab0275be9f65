import type * as vscode from 'vscode';

/** How often, and when, prompts were sent to a server. Contains nothing of the prompts. */
export interface SentTo {
  /** Origin and path. */
  origin: string;
  /** RFC 3339. */
  first: string;
  last: string;
  /** Number of prompts sent, retries included. */
  count: number;
}

const storageKey = 'sentTo';

/** The servers to which code was sent, for the user to read. */
export class SentLog {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  /** The most recently used server first. */
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
