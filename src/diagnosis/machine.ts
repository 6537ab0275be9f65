import { access, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { isPrivateAddress } from './addresses.ts';

export type MachineKind = 'plain' | 'wsl1' | 'wsl2' | 'container';

/** Another machine that may be the one Ollama runs on, as seen from this one. */
export interface NearbyHost {
  host: string;
  why: 'windowsHost' | 'containerHost';
}

/** The machine on which the extension runs, as far as it matters for where Ollama may be. */
export interface Machine {
  kind: MachineKind;
  platform: NodeJS.Platform;
  /** WSL whose network is that of Windows, so that 127.0.0.1 means both. */
  mirrored: boolean;
  hosts: readonly NearbyHost[];
  /** `OLLAMA_HOST` of the environment; empty when it is not set. */
  ollamaHost: string;
  /** Memory in bytes that programs on this machine can have. */
  memoryBytes: number;
}

/** Where the facts about the machine come from. */
export interface MachineSources {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** The text of a file; undefined when it cannot be read. */
  readText: (path: string) => Promise<string | undefined>;
  exists: (path: string) => Promise<boolean>;
  memoryBytes: number;
}

/** The real machine. */
export function realSources(): MachineSources {
  return {
    platform: process.platform,
    env: process.env,
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    memoryBytes: machineMemory(),
  };
}

/** Memory that programs on this machine can have, in bytes. */
export function machineMemory(): number {
  return memoryBytes(totalmem(), process.constrainedMemory());
}

/** The limit of a control group counts if there is one: 0 and absurdly large numbers mean that there is none. */
export function memoryBytes(total: number, constrained: number): number {
  return constrained > 0 && constrained < total ? constrained : total;
}

export async function readMachine(sources: MachineSources): Promise<Machine> {
  const { platform, env, memoryBytes } = sources;
  const kind = platform === 'linux' ? await linuxKind(sources) : 'plain';
  const mirrored = kind === 'wsl2' && (await isMirrored(sources));
  return {
    kind,
    platform,
    mirrored,
    hosts: await nearbyHosts(kind, mirrored, sources),
    ollamaHost: env['OLLAMA_HOST']?.trim() ?? '',
    memoryBytes,
  };
}

/** A container inside WSL shows the kernel of WSL too, so containers are looked for first. */
async function linuxKind({ env, exists, readText }: MachineSources): Promise<MachineKind> {
  if (env['REMOTE_CONTAINERS'] || env['CODESPACES']) return 'container';
  if ((await exists('/.dockerenv')) || (await exists('/run/.containerenv'))) return 'container';
  const kernel = (await readText('/proc/sys/kernel/osrelease')) ?? '';
  // The kernel of WSL 1 is no kernel at all and names its maker with a capital; own kernels of WSL 2 may not name him.
  if (/-Microsoft$/m.test(kernel.trim())) return 'wsl1';
  if (/microsoft|wsl2/i.test(kernel) || env['WSL_DISTRO_NAME'] || env['WSL_INTEROP']) return 'wsl2';
  return 'plain';
}

/** Only with networkingMode=mirrored WSL has the interface loopback0. */
async function isMirrored({ readText }: MachineSources): Promise<boolean> {
  return /^\s*loopback0:/m.test((await readText('/proc/net/dev')) ?? '');
}

async function nearbyHosts(
  kind: MachineKind,
  mirrored: boolean,
  { readText }: MachineSources,
): Promise<NearbyHost[]> {
  switch (kind) {
    case 'plain':
    case 'wsl1':
      return [];
    case 'wsl2':
      return mirrored ? [] : (await windowsHosts(readText)).map((host) => ({ host, why: 'windowsHost' }));
    case 'container': {
      const gateways = defaultGateways((await readText('/proc/net/route')) ?? '');
      const hosts = distinct(['host.docker.internal', 'host.containers.internal', ...gateways]);
      return hosts.map((host) => ({ host, why: 'containerHost' }));
    }
  }
}

async function windowsHosts(readText: MachineSources['readText']): Promise<string[]> {
  const gateways = defaultGateways((await readText('/proc/net/route')) ?? '');
  return distinct([...gateways, ...nameservers((await readText('/etc/resolv.conf')) ?? '')]);
}

const upAndGateway = 0x3;

/** The IPv4 gateways of the default routes in the text of `/proc/net/route`, where numbers are little-endian. */
export function defaultGateways(routes: string): string[] {
  const gateways = routes.split('\n').flatMap((line) => {
    const [, destination, gateway = '', flags = ''] = line.trim().split(/\s+/);
    const leadsOut =
      destination === '00000000' && (Number.parseInt(flags, 16) & upAndGateway) === upAndGateway;
    return leadsOut && /^[\da-f]{8}$/i.test(gateway) ? [dotted(gateway)] : [];
  });
  return distinct(gateways).filter(isPrivateAddress);
}

function dotted(littleEndianHex: string): string {
  return [...Buffer.from(littleEndianHex, 'hex')].toReversed().join('.');
}

/** Where WSL with DNS tunneling answers by itself: not Windows. */
const tunneledNameserver = '10.255.255.254';

/** The private IPv4 name servers in the text of `/etc/resolv.conf`: in WSL the first of them used to be Windows. */
export function nameservers(resolvConf: string): string[] {
  const all = [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+(\d+\.\d+\.\d+\.\d+)[ \t\r]*$/gm)].map(
    ([, ip = '']) => ip,
  );
  return all.filter((ip) => isPrivateAddress(ip) && ip !== tunneledNameserver && !/^(?:127|0)\./.test(ip));
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}
