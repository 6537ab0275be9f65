import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isOnBattery } from '../../../src/documentation/power.ts';

type Supplies = Record<string, Record<string, string>>;

const battery = { type: 'Battery', status: 'Discharging' };
const charger = (online: string) => ({ type: 'Mains', online });

describe('running on battery', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'codeworm-power-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const linux = (supplies: Supplies): Promise<boolean | undefined> => {
    for (const [name, files] of Object.entries(supplies)) {
      mkdirSync(join(folder, name));
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), `${text}\n`);
    }
    return isOnBattery({
      platform: 'linux',
      suppliesFolder: folder,
      pmset: () => Promise.reject(new Error()),
    });
  };

  const cases: [what: string, supplies: Supplies, expected: boolean][] = [
    ['a laptop that is not plugged in', { AC: charger('0'), BAT0: battery }, true],
    ['a laptop that is plugged in', { AC: charger('1'), BAT0: { ...battery, status: 'Charging' } }, false],
    ['a full battery', { AC: charger('1'), BAT0: { ...battery, status: 'Full' } }, false],
    ['a second battery', { AC: charger('0'), BAT0: { ...battery, status: 'Unknown' }, BAT1: battery }, true],
    ['a charger that is too weak', { usb: { type: 'USB', online: '1' }, BAT0: battery }, false],
    ['a desktop', {}, false],
    ['a desktop with a mouse', { hid: { ...battery, scope: 'Device' } }, false],
  ];
  for (const [what, supplies, expected] of cases)
    it(`on Linux: ${what}`, async () => assert.equal(await linux(supplies), expected));

  const elsewhere = (platform: string, text: string) =>
    isOnBattery({ platform, suppliesFolder: join(folder, 'none'), pmset: () => Promise.resolve(text) });

  it('on macOS', async () => {
    const drawing = (from: string): string =>
      `Now drawing from '${from}'\n -InternalBattery-0\t85%; discharging`;
    assert.equal(await elsewhere('darwin', drawing('Battery Power')), true);
    assert.equal(await elsewhere('darwin', drawing('AC Power')), false);
  });

  it('is not known elsewhere, nor where the system does not say', async () => {
    assert.equal(await elsewhere('win32', ''), undefined);
    assert.equal(await elsewhere('linux', ''), undefined);
  });
});
