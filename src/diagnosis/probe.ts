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
import { orOpenAI } from './openAIProbe.ts';
import { problemsOf, type ServerSeen, type Wanted } from './server.ts';
import { TimeIsOver } from './timeLimit.ts';

/** Time limits in milliseconds. */
export interface ProbeLimits {
  /** For connecting, and again for silence after that. */
  questionMs: number;
  /** For the whole probe. */
  totalMs: number;
}

export const defaultLimits: ProbeLimits = { questionMs: 2000, totalMs: 5000 };

/** A probe of one address. */
export interface Probe {
  /** The settings for requests to this address. Key and headers are included only if they belong to it. */
  settings: OllamaSettings;
  wanted: Wanted;
  machine: Machine;
  asked: Asked;
  /** Called before each request, because the user may revoke an approval meanwhile. */
  mayContact: (address: string) => boolean;
}

/**
 * Requests the version, the models and the loaded models of one address: three GETs that load nothing and
 * contain nothing of the user's.
 * @param signal when it aborts with {@link TimeIsOver}, the outcome is what was found so far
 * @throws the signal's reason when it aborts with anything else
 */
export async function probe(request: Probe, signal: AbortSignal): Promise<ProbeOutcome> {
  const outcome = await probeOllama(request, signal);
  try {
    return await orOpenAI(outcome, request, guardOf(request), signal);
  } catch (error) {
    if (error instanceof TimeIsOver) return outcome;
    throw error;
  }
}

async function probeOllama(request: Probe, signal: AbortSignal): Promise<ProbeOutcome> {
  const progress = { answered: false };
  let client: OllamaClient | undefined;
  try {
    client = new OllamaClient(request.settings, { guard: guardOf(request), acceptsAnyName: true });
    const server = await ask(client, progress, signal);
    if (!server) return foreign(request.asked);
    const { model } = request.wanted;
    if (model !== '' && !client.acceptsName(model)) return { kind: 'unusable', setting: 'model' };
    return {
      kind: 'working',
      server: { ...server, problems: problemsOf(server, request.wanted, request.machine) },
    };
  } catch (error) {
    const hasBegun = progress.answered;
    if (error instanceof TimeIsOver) return { kind: 'silent', accepted: hasBegun, hasBegun };
    if (!(error instanceof OllamaError)) throw error;
    const outcome = toProbeOutcome(error, request.asked);
    return hasBegun && outcome.kind === 'silent' ? { ...outcome, hasBegun } : outcome;
  } finally {
    await client?.close();
  }
}

/** The headers already contain the key, if there is one. No prompt is sent that would be recorded. */
function guardOf({ mayContact }: Probe): Guard {
  return { mayContact, apiKey: () => Promise.resolve(undefined), promptSent: () => undefined };
}

/** For example `0.33.0-rc2`. Any other text of a program is not shown. */
const plausibleVersion = /^[\w.+-]{1,60}$/;

/**
 * One after the other, so that one connection is enough. Undefined without a version: then it is not Ollama.
 */
async function ask(
  client: OllamaClient,
  progress: { answered: boolean },
  signal: AbortSignal,
): Promise<Omit<ServerSeen, 'problems'> | undefined> {
  const version = await client.version(signal);
  progress.answered = true;
  if (!plausibleVersion.test(version)) return undefined;
  const installed = await client.installedModels(signal);
  // The loaded models are useful, but not required.
  const loaded = await client.loadedModels(signal).catch(() => undefined);
  signal.throwIfAborted();
  return { origin: client.origin, version, product: 'Ollama', installed, loaded };
}

const foreign = ({ proxy }: Asked): ProbeOutcome =>
  proxy === undefined ? { kind: 'foreignService' } : { kind: 'proxy', proxy };

/** Names of headers that contain keys. */
const keyName = /^(?:proxy-)?authorization$|cookie|key|token|secret/i;

/**
 * The settings for probing an address. Only the configured address gets the headers, the stored key and the
 * credentials of the configured address. All others get requests without them.
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
    // Last, so that it replaces any other value, as in the client.
    ...(storedKey === undefined ? {} : { authorization: `Bearer ${storedKey}` }),
  };
  return {
    settings: { ...configured, ...limits, baseUrl: candidate.address, headers },
    key: Object.keys(headers).some((name) => keyName.test(name)),
  };
}

/** Whether an address is the configured one. Another path of the same origin is another server. */
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
