import {
  defaultSettings,
  OllamaClient,
  OllamaError,
  parseBaseUrl,
  type Guard,
  type OllamaSettings,
} from '../ollama/index.ts';
import type { Candidate } from './candidates.ts';
import type { Machine } from './machine.ts';
import { toProbeOutcome, type Asked, type ProbeOutcome } from './outcome.ts';
import { problemsOf, type ServerSeen, type Wanted } from './server.ts';

/** Limits in milliseconds. */
export interface ProbeLimits {
  /** For making a connection, and again for the silence on it. */
  questionMs: number;
  /** For everything together. */
  totalMs: number;
}

export const defaultLimits: ProbeLimits = { questionMs: 2000, totalMs: 5000 };

/** One look at one address. */
export interface Probe {
  /** What requests to this address are made with: key and headers only if they belong to it. */
  settings: OllamaSettings;
  wanted: Wanted;
  machine: Machine;
  asked: Asked;
  /** Asked before each question, because the user may revoke in between. */
  mayContact: (address: string) => boolean;
}

/** That the time for the whole is over; a reason to abort with. */
export class TimeIsOver extends Error {}

/**
 * Asks one address for its version, its models and what is loaded: three GETs, which load nothing and carry
 * nothing of the user's.
 * @param signal when it aborts with {@link TimeIsOver}, the outcome is `silent`
 * @throws the signal's reason when it aborts with anything else
 */
export async function probe(look: Probe, signal: AbortSignal): Promise<ProbeOutcome> {
  const progress = { answered: false };
  let client: OllamaClient | undefined;
  try {
    client = new OllamaClient(look.settings, { guard: guardOf(look) });
    const server = await ask(client, progress, signal);
    if (!server) return foreign(look.asked);
    return {
      kind: 'working',
      server: { ...server, problems: problemsOf(server, look.wanted, look.machine) },
    };
  } catch (error) {
    if (error instanceof TimeIsOver) return { kind: 'silent', accepted: progress.answered };
    if (!(error instanceof OllamaError)) throw error;
    return toProbeOutcome(error, look.asked);
  } finally {
    await client?.close();
  }
}

/** The key, if there is one, is among the headers already; and nothing is sent that would be counted. */
function guardOf({ mayContact }: Probe): Guard {
  return { mayContact, apiKey: () => Promise.resolve(undefined), promptSent: () => undefined };
}

/** Such as `0.33.0-rc2`. Whatever else a program says of itself is shown to nobody. */
const plausibleVersion = /^[\w.+-]{1,60}$/;

/** One after the other, so that one connection is enough. Undefined when it tells no version: it is not Ollama. */
async function ask(
  client: OllamaClient,
  progress: { answered: boolean },
  signal: AbortSignal,
): Promise<Omit<ServerSeen, 'problems'> | undefined> {
  const version = await client.version(signal);
  progress.answered = true;
  if (!plausibleVersion.test(version)) return undefined;
  const installed = await client.installedModels(signal);
  // Servers before 0.1.33 cannot say what is loaded.
  const loaded = await client.loadedModels(signal).catch(() => undefined);
  signal.throwIfAborted();
  return { origin: client.origin, version, installed, loaded };
}

const foreign = ({ proxy }: Asked): ProbeOutcome =>
  proxy === undefined ? { kind: 'foreignService' } : { kind: 'proxy', proxy };

/** Headers that are keys, as far as their names tell. */
const keyName = /^(?:proxy-)?authorization$|cookie|key|token|secret/i;

/**
 * The settings to ask an address with. Only the address that is configured gets the headers, the stored key and the
 * credentials of the configured address; every other one is asked with nothing but the question.
 */
export function settingsFor(
  candidate: Candidate,
  configured: OllamaSettings,
  { questionMs }: ProbeLimits,
  storedKey: string | undefined,
): { settings: OllamaSettings; key: boolean } {
  const limits = { connectTimeoutMs: questionMs, idleTimeoutMs: questionMs };
  const own = baseUrlOf(configured);
  if (own?.href !== candidate.address)
    return { settings: { ...defaultSettings, ...limits, baseUrl: candidate.address }, key: false };
  const { authorization } = own;
  const headers = {
    ...(authorization ? { authorization } : {}),
    ...configured.headers,
    // Last, and so in place of any other, as the client has it.
    ...(storedKey === undefined ? {} : { authorization: `Bearer ${storedKey}` }),
  };
  return {
    settings: { ...configured, ...limits, baseUrl: candidate.address, headers },
    key: Object.keys(headers).some((name) => keyName.test(name)),
  };
}

/** Whether an address is the configured one: another path of the same origin is another server. */
export function belongsTo(address: string, configured: OllamaSettings): boolean {
  return baseUrlOf(configured)?.href === address;
}

function baseUrlOf({ baseUrl }: OllamaSettings): { href: string; authorization?: string } | undefined {
  try {
    return parseBaseUrl(baseUrl);
  } catch {
    return undefined;
  }
}
