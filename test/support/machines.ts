// Machines for the diagnosis, about which only the facts given by a test are known.
import type { DiagnosisInput } from '../../src/diagnosis/index.ts';
import { defaultSettings } from '../../src/ollama/index.ts';

type Sources = NonNullable<DiagnosisInput['machine']>;

interface Described {
  platform?: NodeJS.Platform;
  env?: NodeJS.ProcessEnv;
  files?: Record<string, string>;
  memoryBytes?: number;
}

/** The sources of a machine with only these files. */
export function machineWith({ platform, env, files = {}, memoryBytes }: Described = {}): Sources {
  return {
    platform: platform ?? 'linux',
    env: env ?? {},
    readText: async (path) => files[path],
    exists: async (path) => path in files,
    memoryBytes: memoryBytes ?? 16e9,
  };
}

/** No program is installed. */
export const withoutOllama: NonNullable<DiagnosisInput['program']> = {
  platform: 'linux',
  env: {},
  home: '/home/nobody',
  runnable: async () => undefined,
};

/** A diagnosis of one address that uses no other facts of this machine. */
export function inputFor(baseUrl: string, more: Partial<DiagnosisInput> = {}): DiagnosisInput {
  return {
    settings: { ...defaultSettings, model: 'tiny', baseUrl },
    limits: { questionMs: 5000, totalMs: 20_000 },
    machine: machineWith(),
    program: withoutOllama,
    ...more,
  };
}
