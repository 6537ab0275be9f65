import type * as vscode from 'vscode';
import { isOwn, type Connection } from './connection.ts';
import type { Revocations } from './revocations.ts';

/** A server to which the user lets code go. */
export interface Approval {
  /** Origin and path. Of approvals that were given before paths counted it is the origin, and so the root alone. */
  origin: string;
  /** When it was given, RFC 3339. */
  since: string;
  /** Names of the user's own headers that may go there although a workspace has set the address. */
  headers?: readonly string[];
  /** Digests of headers that workspaces have set and that may go along. */
  workspaceHeaders?: readonly string[];
}

const storageKey = 'approvals';

/**
 * The servers that the user has approved, by origin and path: another port, scheme or path is another server. They are
 * kept by this VS Code and apply to all workspaces, so that no workspace can bring its own along.
 */
export class Approvals {
  private readonly memory: vscode.Memento;
  private readonly revocations: Revocations;

  /** @param revocations of all windows: this one's copy of the memory may be older */
  constructor(memory: vscode.Memento, revocations: Revocations) {
    this.memory = memory;
    this.revocations = revocations;
  }

  /** Those that were given, the oldest first. */
  get all(): readonly Approval[] {
    return this.memory
      .get<Approval[]>(storageKey, [])
      .filter(({ origin, since }) => !this.revocations.covers(origin, since));
  }

  /** Whether the user has approved an address, whoever wants to use it. */
  has(address: string): boolean {
    return this.find(address) !== undefined;
  }

  /**
   * Whether requests may go out with certain settings. What the user alone has decided needs an approval if it leads to
   * another machine. What a workspace has decided needs one everywhere, because another program of this machine may
   * pass on what it gets; and it must name every header that goes along.
   */
  covers(connection: Connection): boolean {
    const { address, ownHeaders, workspaceDigest } = connection;
    if (isOwn(connection) && isThisMachine(address)) return true;
    const approval = this.find(address);
    if (!approval || isOwn(connection)) return approval !== undefined;
    const { headers = [], workspaceHeaders = [] } = approval;
    return (
      (connection.ownAddress || ownHeaders.every((name) => headers.includes(name))) &&
      (workspaceDigest === '' || workspaceHeaders.includes(workspaceDigest))
    );
  }

  /** Approves a server with the headers that go along, besides those that were approved before. */
  async give(
    address: string,
    { ownHeaders = [], workspaceDigest = '' }: Partial<Connection> = {},
  ): Promise<void> {
    const { since, headers = [], workspaceHeaders = [] } = this.find(address) ?? {};
    const approval: Approval = {
      origin: address,
      since: since ?? this.revocations.timeOfApproval(address),
      headers: [...new Set([...headers, ...ownHeaders])],
      workspaceHeaders: [...new Set([...workspaceHeaders, ...(workspaceDigest ? [workspaceDigest] : [])])],
    };
    await this.memory.update(storageKey, [...this.others(address), approval]);
  }

  async revoke(address: string): Promise<void> {
    this.revocations.add(address, this.find(address)?.since);
    await this.memory.update(storageKey, this.others(address));
  }

  private find(address: string): Approval | undefined {
    return this.all.find(({ origin }) => origin === address);
  }

  private others(address: string): Approval[] {
    return this.all.filter(({ origin }) => origin !== address);
  }
}

/**
 * Whether an address is this machine, where code need not leave it. Only the names that every proxy support leaves alone
 * (VS Code's own included): other addresses of this machine may lead through a proxy, and are asked about.
 */
export function isThisMachine(address: string): boolean {
  return URL.canParse(address) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname);
}
