import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Old entries matter only to windows that have not noticed them yet. */
const mostEntries = 200;
export const revocationsFile = 'revocations.json';

/**
 * When approvals were taken back, in a file that all windows of this VS Code share: each of them has a copy of its own
 * of the approvals, which may be older. The file is looked at with each question, so that none of them misses it.
 */
export class Revocations {
  private readonly folder: string;
  private seen = '';
  private times: ReadonlyMap<string, string> = new Map();
  /** Everything was taken back then: the file could not be read. */
  private all = '';

  /** @param folder that all windows share; it need not exist */
  constructor(folder: string) {
    this.folder = folder;
  }

  get path(): string {
    return join(this.folder, revocationsFile);
  }

  /** Addresses, and when the approval of each was taken back the last time. */
  get entries(): ReadonlyMap<string, string> {
    this.look();
    return this.times;
  }

  /** Whether an approval that was given at a time (RFC 3339) has been taken back since. */
  covers(address: string, since: string): boolean {
    this.look();
    return this.all >= since || (this.times.get(address) ?? '') >= since;
  }

  /** The time of an approval that is given now: behind every revocation, even where the clock was set back. */
  timeOfApproval(address: string): string {
    this.look();
    const last = [this.all, this.times.get(address) ?? ''].map((time) => (time ? Date.parse(time) + 1 : 0));
    return new Date(Math.max(Date.now(), ...last)).toISOString();
  }

  /**
   * Tells all windows, this one included.
   * @param since when the approval was given: perhaps later than now, where the clock was set back
   */
  add(address: string, since = ''): void {
    const now = this.timeOfApproval(address);
    const others = [...this.times].filter(([known]) => known !== address);
    const revoked = [...others, [address, since > now ? since : now]].slice(-mostEntries);
    mkdirSync(this.folder, { recursive: true });
    // Never half a file: another window may read it at any moment.
    const temporary = `${this.path}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify({ all: this.all, revoked: Object.fromEntries(revoked) }));
    renameSync(temporary, this.path);
    this.look();
  }

  /** Reads the file, if it has changed. */
  private look(): void {
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
      // What it says is not known, so nothing that was approved before it counts.
      this.all = new Date(changedAt || Date.now()).toISOString();
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
