import type * as vscode from 'vscode';
import type { Revocations } from './revocations.ts';

/** A server on another machine to which the user lets code go. */
export interface Approval {
  /** Scheme, host and port. */
  origin: string;
  /** When it was given, RFC 3339. */
  since: string;
}

const storageKey = 'approvals';

/**
 * The servers that the user has approved, by origin: another port or scheme is another server. They are kept by
 * this VS Code and apply to all workspaces, so that no workspace can bring its own along.
 */
export class Approvals {
  private readonly memory: vscode.Memento;
  private readonly revocations: Revocations;

  /** @param revocations of all windows: this one's copy of the memory may be older */
  constructor(memory: vscode.Memento, revocations: Revocations) {
    this.memory = memory;
    this.revocations = revocations;
  }

  /** Those that were given, the oldest first. This machine needs none. */
  get all(): readonly Approval[] {
    return this.memory
      .get<Approval[]>(storageKey, [])
      .filter(({ origin, since }) => !this.revocations.covers(origin, since));
  }

  /** Whether code may go there: it is this machine, or the user has said so. */
  has(origin: string): boolean {
    return isThisMachine(origin) || this.all.some((approval) => approval.origin === origin);
  }

  async give(origin: string): Promise<void> {
    if (this.has(origin)) return;
    await this.memory.update(storageKey, [
      ...this.all,
      { origin, since: this.revocations.timeOfApproval(origin) },
    ]);
  }

  async revoke(origin: string): Promise<void> {
    this.revocations.add(origin, this.all.find((approval) => approval.origin === origin)?.since);
    await this.memory.update(
      storageKey,
      this.all.filter((approval) => approval.origin !== origin),
    );
  }
}

/**
 * Whether an origin is this machine, where code need not leave it. Only the names that every proxy support leaves alone
 * (VS Code's own included): other addresses of this machine may lead through a proxy, and are asked about.
 */
export function isThisMachine(origin: string): boolean {
  return URL.canParse(origin) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(origin).hostname);
}
