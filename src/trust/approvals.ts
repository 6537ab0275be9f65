import type * as vscode from 'vscode';
import { isOwn, type Connection } from './connection.ts';
import type { Revocations } from './revocations.ts';

/** A server to which the user allows code to be sent. */
export interface Approval {
  /** Origin and path. Older approvals have an origin without a path, so they are valid for the root only. */
  origin: string;
  /** Time of the approval, RFC 3339. */
  since: string;
  /** Names of the user's own headers that may be sent, although a workspace has set the address. */
  headers?: readonly string[];
  /** Digests of a workspace's headers that may be sent. */
  workspaceHeaders?: readonly string[];
}

const storageKey = 'approvals';

/**
 * The servers that the user has approved, by origin and path: another port, scheme or path is another server.
 * They are stored outside of workspaces and apply to all of them, so that no workspace can contain its own
 * approval.
 */
export class Approvals {
  private readonly storage: vscode.Memento;
  private readonly revocations: Revocations;

  /** @param revocations of all windows, because this window's copy of the approvals may be outdated */
  constructor(storage: vscode.Memento, revocations: Revocations) {
    this.storage = storage;
    this.revocations = revocations;
  }

  /** All approvals, oldest first. */
  get all(): readonly Approval[] {
    return this.storage
      .get<Approval[]>(storageKey, [])
      .filter(({ origin, since }) => !this.revocations.covers(origin, since));
  }

  /** Whether the user has approved an address, with any settings. */
  has(address: string): boolean {
    return this.find(address) !== undefined;
  }

  /**
   * Whether requests of a connection may be sent. If the user alone has configured it, it needs an approval
   * only for another machine. If a workspace has a part in it, it always needs one, because another program
   * on this machine may forward the requests, and the approval must name every header.
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

  /** Approves a server with these headers, besides those approved before. */
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
    await this.storage.update(storageKey, [...this.others(address), approval]);
  }

  async revoke(address: string): Promise<void> {
    this.revocations.add(address, this.find(address)?.since);
    await this.storage.update(storageKey, this.others(address));
  }

  private find(address: string): Approval | undefined {
    return this.all.find(({ origin }) => origin === address);
  }

  private others(address: string): Approval[] {
    return this.all.filter(({ origin }) => origin !== address);
  }
}

/**
 * Whether an address is on this machine. Only for names that every proxy implementation bypasses (VS Code's
 * included): requests to other local addresses may go through a proxy, so they need an approval.
 */
export function isThisMachine(address: string): boolean {
  return URL.canParse(address) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname);
}
