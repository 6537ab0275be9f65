import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Approvals } from '../../../src/trust/approvals.ts';
import { Revocations } from '../../../src/trust/revocations.ts';

const far = 'https://far.example.com';
const other = 'https://other.example.com';

/** A window's own copy of the stored state, which does not see changes by other windows. */
class Memory {
  private readonly values = new Map<string, unknown>();

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  get<T>(key: string, fallback?: T): T {
    return (this.values.has(key) ? structuredClone(this.values.get(key)) : fallback) as T;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, structuredClone(value));
  }
}

describe('revoked approvals', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'revocations-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const openWindow = (): Approvals =>
    new Approvals(new Memory(), new Revocations(join(folder, 'storage', 'codeworm')));
  const approveInBoth = async (): Promise<[Approvals, Approvals]> => {
    const windows: [Approvals, Approvals] = [openWindow(), openWindow()];
    for (const approvals of windows) await approvals.give(far);
    return windows;
  };

  it('are revoked in every window at once, whatever its copy contains', async () => {
    const [here, there] = await approveInBoth();
    await here.revoke(far);
    assert.deepEqual([here.has(far), there.has(far)], [false, false]);
    assert.deepEqual(there.all, []);
  });

  it('do not come back when another window, with an older copy, approves something else', async () => {
    const [here, there] = await approveInBoth();
    await here.revoke(far);
    await there.give(other);
    assert.deepEqual([there.has(far), there.has(other)], [false, true]);
    assert.deepEqual([here.has(far), here.has(other)], [false, false]);
  });

  it('can be given again, in the same millisecond, too', async () => {
    const [here, there] = await approveInBoth();
    for (let time = 0; time < 20; time++) {
      await here.revoke(far);
      assert.equal(there.has(far), false);
      await there.give(far);
      assert.equal(there.has(far), true);
      await here.give(far);
    }
  });

  it('do not affect those of other servers', async () => {
    const [here, there] = await approveInBoth();
    await there.give(other);
    await here.revoke(far);
    assert.equal(there.has(other), true);
  });

  for (const text of ['', '{', '[]', 'null', '{"all":1,"revoked":{}}', '{"all":"","revoked":{"a":1}}'])
    it(`include everything when the file cannot be read: ${JSON.stringify(text)}`, async () => {
      const [here, there] = await approveInBoth();
      await here.revoke(other);
      writeFileSync(join(folder, 'storage', 'codeworm', 'revocations.json'), text);
      assert.equal(there.has(far), false);
      await there.give(far);
      assert.equal(there.has(far), true);
      await there.revoke(far);
      assert.equal(openWindow().has(far), false);
    });

  it('are forgotten, the oldest first, when there are very many', async () => {
    const [here, there] = await approveInBoth();
    for (let number = 0; number < 250; number++) await here.revoke(`${other}/${number}`);
    await here.revoke(far);
    assert.equal(there.has(far), false);
  });
});
