import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What differs in tests. */
export interface PowerSystem {
  platform: string;
  /** Where Linux tells of power supplies. */
  suppliesFolder: string;
  /** What `pmset -g batt` prints on macOS. */
  pmset: () => Promise<string>;
}

const thisMachine: PowerSystem = {
  platform: process.platform,
  suppliesFolder: '/sys/class/power_supply',
  // By its full path: a program of that name in a workspace must not run.
  pmset: async () => (await promisify(execFile)('/usr/bin/pmset', ['-g', 'batt'], { timeout: 5000 })).stdout,
};

/**
 * Whether the machine runs on battery; `undefined` where that is not known. Windows tells it only to programs that load a
 * system library or start PowerShell for a second, each time: that is not asked.
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

/** A battery that is being drained, and nothing that is plugged in; batteries of mice and phones do not count. */
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
