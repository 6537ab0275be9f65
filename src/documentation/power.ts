import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Replaced by tests. */
export interface PowerSystem {
  platform: string;
  /** The folder in which Linux reports power supplies. */
  suppliesFolder: string;
  /** The output of `pmset -g batt` on macOS. */
  pmset: () => Promise<string>;
}

const thisMachine: PowerSystem = {
  platform: process.platform,
  suppliesFolder: '/sys/class/power_supply',
  // With its full path, so that no program of that name in a workspace runs.
  pmset: async () => (await promisify(execFile)('/usr/bin/pmset', ['-g', 'batt'], { timeout: 5000 })).stdout,
};

/**
 * Whether the machine runs on battery; `undefined` when that is unknown. On Windows it is not read, because
 * that would need a system library or a second of PowerShell each time.
 */
export async function isOnBattery(system: PowerSystem = thisMachine): Promise<boolean | undefined> {
  try {
    switch (system.platform) {
      case 'linux':
        return await linuxOnBattery(system.suppliesFolder);
      case 'darwin':
        return /'Battery Power'/.test(await system.pmset());
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}

/** Whether a battery is discharging and nothing is plugged in. Batteries of mice and phones do not count. */
async function linuxOnBattery(folder: string): Promise<boolean> {
  const supplies = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const read = (file: string): Promise<string> =>
        readFile(join(folder, name, file), 'utf8').then(
          (text) => text.trim(),
          () => '',
        );
      const [type, scope, status, online] = await Promise.all(
        ['type', 'scope', 'status', 'online'].map(read),
      );
      return { type, scope, status, online };
    }),
  );
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  const isPluggedIn = own.some(({ type, online }) => type !== 'Battery' && online === '1');
  return !isPluggedIn && own.some(({ type, status }) => type === 'Battery' && status === 'Discharging');
}
