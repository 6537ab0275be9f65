import { access, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { isPrivateAddress } from './addresses.ts';

export type MachineKind = 'plain' | 'wsl1' | 'wsl2' | 'container';

/** Another machine that may run Ollama, and its address as seen from this one. */
export interface NearbyHost {
  host: string;
  why: 'windowsHost' | 'containerHost';
}

/** The machine on which the extension runs: the facts that decide where Ollama may be. */
export interface Machine {
  kind: MachineKind;
  platform: NodeJS.Platform;
  /** WSL that shares the network of Windows, so that 127.0.0.1 means both. */
  mirrored: boolean;
  hosts: readonly NearbyHost[];
  /** `OLLAMA_HOST` of the environment; empty when it is not set. */
  ollamaHost: string;
  /** Bytes of memory available to programs on this machine. */
  memoryBytes: number;
}

/** The sources of facts about the machine. */
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

/** Bytes of memory available to programs on this machine. */
export function machineMemory(): number {
  return memoryBytes(totalmem(), process.constrainedMemory());
}

/** The limit of a control group, if there is one: 0 and huge numbers mean that there is none. */
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

/** A container inside WSL has the kernel of WSL too, so containers are recognized first. */
async function linuxKind({ env, exists, readText }: MachineSources): Promise<MachineKind> {
  if (env['REMOTE_CONTAINERS'] || env['CODESPACES']) return 'container';
  if ((await exists('/.dockerenv')) || (await exists('/run/.containerenv'))) return 'container';
  const kernel = (await readText('/proc/sys/kernel/osrelease')) ?? '';
  // WSL 1 has no kernel and writes its maker with a capital letter. Custom kernels of WSL 2 may not name the
  // maker.
  if (/-Microsoft$/m.test(kernel.trim())) return 'wsl1';
  if (/microsoft|wsl2/i.test(kernel) || env['WSL_DISTRO_NAME'] || env['WSL_INTEROP']) return 'wsl2';
  return 'plain';
}

/** WSL has the interface loopback0 only with networkingMode=mirrored. */
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

/**
 * The IPv4 gateways of the default routes in the text of `/proc/net/route`, whose numbers are little-endian.
 */
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

/** WSL itself answers at this address for DNS tunneling; it is not Windows. */
const tunneledNameserver = '10.255.255.254';

/**
 * The private IPv4 name servers in the text of `/etc/resolv.conf`. In WSL the first one is usually Windows.
 */
export function nameservers(resolvConf: string): string[] {
  const all = [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+(\d+\.\d+\.\d+\.\d+)[ \t\r]*$/gm)].map(
    ([, ip = '']) => ip,
  );
  return all.filter((ip) => isPrivateAddress(ip) && ip !== tunneledNameserver && !/^(?:127|0)\./.test(ip));
}

function distinct(values: string[]): string[] {
  return [...new Set(values)];
}
