import {
  isLoopback,
  otherPorts,
  parseBaseUrl,
  localizable,
  usualPort,
  type LocalizableMessage,
} from '../ollama/index.ts';
import type { Machine } from './machine.ts';

/** Why an address is tried. */
export type CandidateReason =
  | 'configured'
  | 'withoutPath'
  | 'ollamaHost'
  | 'loopback'
  | 'windowsHost'
  | 'containerHost'
  | 'otherServer';

/** The reason in words. An exhaustive switch. */
export function reasonMessage(why: CandidateReason): LocalizableMessage {
  switch (why) {
    case 'configured':
      return localizable('It is the configured address.');
    case 'withoutPath':
      return localizable('It is the configured address without its path.');
    case 'ollamaHost':
      return localizable('The environment variable OLLAMA_HOST names it.');
    case 'loopback':
      return localizable('It is an address of this machine.');
    case 'windowsHost':
      return localizable('Windows may be there, seen from WSL.');
    case 'containerHost':
      return localizable('The host may be there, seen from the container.');
    case 'otherServer':
      return localizable('Servers such as llama-server, vLLM and LM Studio usually listen there.');
  }
}

/** An address that can be probed. */
export interface Candidate {
  why: CandidateReason;
  /** Origin and path, without credentials. */
  address: string;
  origin: string;
}

/** A text that should be an address but is none. */
export interface UnusableText {
  why: CandidateReason;
  /** Without what looks like credentials. */
  text: string;
}

/**
 * All addresses where the user's Ollama may be, the configured one first, without duplicates.
 * @param configured the setting; `OLLAMA_HOST` and the nearby hosts are in `machine`
 */
export function candidatesFor(configured: string, machine: Machine): (Candidate | UnusableText)[] {
  const first = read('configured', configured);
  const all = [
    first,
    ...('origin' in first && first.address !== first.origin
      ? [{ ...first, why: 'withoutPath' as const, address: first.origin }]
      : []),
    ...(machine.ollamaHost ? [read('ollamaHost', machine.ollamaHost)] : []),
    ...ports(first).flatMap((port) => addressesAt(port, machine)),
  ];
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
}

/** Where other servers than Ollama usually are on this machine, except those that are tried anyway. */
export function otherServers(known: readonly (Candidate | UnusableText)[]): (Candidate | UnusableText)[] {
  return otherPorts
    .map((port) => read('otherServer', `http://127.0.0.1:${port}`))
    .filter((one) => !known.some((other) => isSame(one, other)));
}

function addressesAt(port: number, { hosts }: Machine): (Candidate | UnusableText)[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].map((host) => read('loopback', `${host}:${port}`));
  return [...loopback, ...hosts.map(({ host, why }) => read(why, `${host}:${port}`))];
}

/** The configured port is tried on this machine only if the configured address is on this machine. */
function ports(configured: Candidate | UnusableText): number[] {
  if (!('origin' in configured)) return [usualPort];
  const { hostname, port, protocol } = new URL(configured.origin);
  if (!isLoopback(hostname)) return [usualPort];
  return [...new Set([Number(port || (protocol === 'https:' ? 443 : 80)), usualPort])];
}

function read(why: CandidateReason, text: string): Candidate | UnusableText {
  try {
    const { href, origin } = parseBaseUrl(text);
    return { why, address: href, origin };
  } catch {
    return { why, text: withoutCredentials(text) };
  }
}

/** A password must not be shown, even when the text is not an address. */
export function withoutCredentials(text: string): string {
  return text.replace(/^(\s*(?!\s)(?:[a-z][\w+.-]*:\/\/)?).*@/is, '$1');
}

function isSame(one: Candidate | UnusableText, other: Candidate | UnusableText): boolean {
  return one === other || ('address' in one && 'address' in other && one.address === other.address);
}
