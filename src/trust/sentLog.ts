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
  /**
   * How many prompts came through VS Code's chat, by requester: `core` is VS Code itself, else an extension's
   * id.
   */
  askedBy?: Readonly<Record<string, number>>;
}

/** Most extensions that are counted for each server. */
const mostNames = 50;

const storageKey = 'sentTo';

/** The servers to which code was sent, for the user to read. */
export class SentLog {
  private readonly storage: vscode.Memento;

  constructor(storage: vscode.Memento) {
    this.storage = storage;
  }

  /** The most recently used server first. */
  get all(): readonly SentTo[] {
    return this.storage
      .get<SentTo[]>(storageKey, [])
      .toSorted((one, other) => other.last.localeCompare(one.last));
  }

  /** @param askedBy who sent the prompt, if it came through VS Code's chat */
  add(address: string, askedBy?: string): void {
    const now = new Date().toISOString();
    const before: SentTo = this.all.find((sent) => sent.origin === address) ?? {
      origin: address,
      first: now,
      last: now,
      count: 0,
    };
    const others = this.all.filter((sent) => sent.origin !== address);
    const counted = { ...before, last: now, count: before.count + 1 };
    const entry = askedBy === undefined ? counted : { ...counted, askedBy: countedFor(askedBy, before) };
    void this.storage.update(storageKey, [...others, entry]);
  }
}

function countedFor(name: string, { askedBy = {} }: Pick<SentTo, 'askedBy'>): Record<string, number> {
  const known = Object.hasOwn(askedBy, name) ? askedBy[name]! : 0;
  if (known === 0 && Object.keys(askedBy).length >= mostNames) return { ...askedBy };
  return { ...askedBy, [name]: known + 1 };
}
