import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Older entries matter only to windows that have not read them yet. */
const mostEntries = 200;
/** A file's time may be so many milliseconds in the past: Linux takes it from its timer tick, 100 times a second. */
const coarsestMs = 10;
export const revocationsFile = 'revocations.json';

/**
 * The times of revoked approvals, in a file shared by all windows of this VS Code. Each window has its own
 * copy of the approvals, which may be outdated, so the file is checked before every use.
 */
export class Revocations {
  private readonly folder: string;
  private seen = '';
  private times: ReadonlyMap<string, string> = new Map();
  /** When everything was revoked, because the file could not be read. */
  private all = '';

  /** @param folder shared by all windows; it need not exist */
  constructor(folder: string) {
    this.folder = folder;
  }

  get path(): string {
    return join(this.folder, revocationsFile);
  }

  /** Addresses, and the time of each one's latest revocation. */
  get entries(): ReadonlyMap<string, string> {
    this.readIfChanged();
    return this.times;
  }

  /** Whether an approval of a given time (RFC 3339) has been revoked since. */
  covers(address: string, since: string): boolean {
    this.readIfChanged();
    return this.all >= since || (this.times.get(address) ?? '') >= since;
  }

  /** The time for a new approval: after every revocation, even if the clock was set back. */
  timeOfApproval(address: string): string {
    this.readIfChanged();
    const last = [this.all, this.times.get(address) ?? ''].map((time) => (time ? Date.parse(time) + 1 : 0));
    return new Date(Math.max(Date.now(), ...last)).toISOString();
  }

  /**
   * Revokes an approval in all windows, including this one.
   * @param since time of the approval, which may be later than now if the clock was set back
   */
  add(address: string, since = ''): void {
    const now = this.timeOfApproval(address);
    const others = [...this.times].filter(([known]) => known !== address);
    const revoked = [...others, [address, since > now ? since : now]].slice(-mostEntries);
    mkdirSync(this.folder, { recursive: true });
    // Renamed when complete, because another window may read it at any moment.
    const temporary = `${this.path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ all: this.all, revoked: Object.fromEntries(revoked) }));
    renameSync(temporary, this.path);
    this.readIfChanged();
  }

  /** Reads the file if it has changed. */
  private readIfChanged(): void {
    let changedAt = 0;
    try {
      const { mtimeMs, size, ino } = statSync(this.path);
      changedAt = mtimeMs;
      const state = `${mtimeMs} ${size} ${ino}`;
      if (state === this.seen) return;
      this.read(readFileSync(this.path, 'utf8'));
      this.seen = state;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      // The entries are unreadable, so every earlier approval counts as revoked.
      this.all = new Date(changedAt ? changedAt + coarsestMs : Date.now()).toISOString();
    }
  }

  private read(text: string): void {
    const { all, revoked } = JSON.parse(text) as { all?: unknown; revoked?: unknown };
    if (typeof all !== 'string' || typeof revoked !== 'object' || revoked === null)
      throw new TypeError('not a list of revocations');
    const times = Object.entries(revoked);
    if (!times.every(([, time]) => typeof time === 'string'))
      throw new TypeError('a revocation without a time');
    this.times = new Map(times as [string, string][]);
    this.all = all;
  }
}
