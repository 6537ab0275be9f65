import { isLikelyOllama, isLoopback, type OllamaError, type OllamaSettings } from '../ollama/index.ts';
import {
  candidatesFor,
  otherServers,
  type Candidate,
  type UnusableText,
  type CandidateReason,
} from './candidates.ts';
import { readMachine, realSources, type Machine, type MachineSources } from './machine.ts';
import { findOllama, type ProgramSources } from './ollamaProgram.ts';
import type { ProbeOutcome } from './outcome.ts';
import { belongsTo, defaultLimits, probe, settingsFor, type ProbeLimits } from './probe.ts';
import { proxyOnTheWay, type ProxySettings } from './proxies.ts';
import { contextOf, portOf, type SetupContext } from './remedies.ts';
import { hasModel } from './server.ts';
import { orInstead, withLimit } from './timeLimit.ts';
import { verdictOf, type Verdict } from './verdict.ts';

/** The input of a diagnosis. Only the settings are required. */
export interface DiagnosisInput {
  /** As configured, valid or not. */
  settings: OllamaSettings;
  /** Whether the configured server is Ollama, as its earlier answers show. By default, its address decides. */
  isOllama?: boolean | undefined;
  /** Whether an address (origin and path) may be contacted. By default, all may. */
  mayContact?: (address: string) => boolean;
  /** The stored key for an address. Called for the configured one only. */
  apiKey?: (address: string) => Promise<string | undefined>;
  /** The error of the latest request. */
  lastProblem?: OllamaError | undefined;
  /** Reduced context size in tokens after running out of memory. */
  reducedNumCtx?: number | undefined;
  /** VS Code's `http.proxy` and `http.noProxy`. */
  proxy?: Omit<ProxySettings, 'env'>;
  /** Folders from which no program is started: those of the workspace. */
  untrustedFolders?: readonly string[];
  limits?: Partial<ProbeLimits>;
  machine?: MachineSources;
  program?: ProgramSources;
}

/** The result for one address. */
export interface Finding {
  /** Without credentials. */
  address: string;
  why: CandidateReason;
  /** Whether Ollama is expected there. */
  isOllama: boolean;
  verdict: Verdict;
}

/** A server that could be started on this machine. */
export interface Startable {
  /** Absolute path of the program. */
  program: string;
  /** Origin at which it would be probed. */
  address: string;
}

export interface Diagnosis {
  machine: Machine;
  /** In the order of the candidates, the configured one first. */
  findings: readonly [Finding, ...Finding[]];
  /** A working address to use instead of the configured one, which does not work or has no model. */
  recommended?: string;
  canStart?: Startable;
}

/**
 * Probes all addresses where Ollama may be, in parallel, and explains what is wrong with each. Sends only GET
 * requests without content. Takes about five seconds, whatever the servers do: at most the two time limits and a second.
 * @throws the signal's reason when it aborts
 */
export async function diagnose(input: DiagnosisInput, signal: AbortSignal): Promise<Diagnosis> {
  signal.throwIfAborted();
  const sources = input.machine ?? realSources();
  const limits = { ...defaultLimits, ...input.limits };
  const machine = await machineOf(sources, limits, signal);
  const first = candidatesFor(input.settings.baseUrl, machine);
  const candidates = [...first, ...otherServers(first)];
  const [findings, program] = await withLimit(limits.totalMs, signal, (inner) =>
    Promise.all([
      Promise.all(
        candidates.map((one) =>
          examine(one, { input, configured: first[0], machine, sources, limits, signal: inner }),
        ),
      ),
      // A folder of PATH on a network drive may not respond at all.
      orInstead(findOllama(input.untrustedFolders ?? [], input.program), inner, undefined),
    ]),
  );
  signal.throwIfAborted();
  const all = findings.filter((one) => isWorthTelling(one, input)) as [Finding, ...Finding[]];
  const recommended = recommendedAmong(all);
  const address = input.isOllama === false ? undefined : startableAddress(all);
  return {
    machine,
    findings: all,
    ...(recommended ? { recommended } : {}),
    ...(program && address ? { canStart: { program, address } } : {}),
  };
}

/** The facts about this machine; without those of its files when they cannot be read in time. */
async function machineOf(
  sources: MachineSources,
  { questionMs }: ProbeLimits,
  signal: AbortSignal,
): Promise<Machine> {
  const read = await withLimit(questionMs, signal, (inner) =>
    orInstead(readMachine(sources), inner, undefined),
  );
  const unread = { ...sources, readText: async () => undefined, exists: async () => false };
  return read ?? readMachine(unread);
}

/**
 * A guessed address where no such server answers says nothing; for a user of another server, this includes those of
 * Ollama.
 */
function isWorthTelling({ why, isOllama, verdict }: Finding, input: DiagnosisInput): boolean {
  if (verdict.kind === 'working' || why === 'configured' || why === 'ollamaHost') return true;
  return why !== 'otherServer' && !(isOllama && input.isOllama === false);
}

interface Circumstances {
  input: DiagnosisInput;
  configured: Candidate | UnusableText | undefined;
  machine: Machine;
  sources: MachineSources;
  limits: ProbeLimits;
  signal: AbortSignal;
}

async function examine(one: Candidate | UnusableText, around: Circumstances): Promise<Finding> {
  const { machine } = around;
  if (!('origin' in one)) {
    const setup: SetupContext = { where: 'elsewhere', machine, isOllama: false };
    const outcome: ProbeOutcome = { kind: 'unusable', setting: 'baseUrl' };
    return {
      address: one.text,
      why: one.why,
      isOllama: false,
      verdict: verdictOf(outcome, one.text, setup),
    };
  }
  const { address, why } = one;
  const isOllama = expectsOllama(address, around);
  const silent: ProbeOutcome = { kind: 'silent', accepted: false };
  const outcome = await orInstead(outcomeAt(one, around), around.signal, silent);
  const setup = contextOf(address, why, machine, isOllama);
  return { address, why, isOllama, verdict: verdictOf(outcome, address, setup) };
}

/**
 * What is known about the configured server, or its address as written shows, holds for its port, which other
 * addresses may have, too.
 */
function expectsOllama(address: string, { input, configured }: Circumstances): boolean {
  const isSamePort = configured && 'origin' in configured && portOf(address) === portOf(configured.address);
  return isSamePort ? (input.isOllama ?? isLikelyOllama(input.settings.baseUrl)) : isLikelyOllama(address);
}

async function outcomeAt(candidate: Candidate, around: Circumstances): Promise<ProbeOutcome> {
  const { input, machine, sources, limits, signal } = around;
  const { mayContact = () => true } = input;
  if (!mayContact(candidate.address)) return { kind: 'notApproved' };
  // The system's secret storage may hang, too.
  const storedKey = belongsTo(candidate.address, input.settings)
    ? await orInstead(Promise.resolve(input.apiKey?.(candidate.address)), signal, undefined)
    : undefined;
  const { settings, key } = settingsFor(candidate, input.settings, limits, storedKey);
  const proxy = proxyOnTheWay(candidate.origin, { env: sources.env, ...input.proxy });
  const isConfigured = candidate.why === 'configured';
  const wanted = {
    model: input.settings.model,
    // The error of a request says something only about its own server.
    ...(isConfigured ? { lastProblem: input.lastProblem, reducedNumCtx: input.reducedNumCtx } : {}),
  };
  return probe({ settings, wanted, machine, asked: { proxy, key }, mayContact }, signal);
}

/**
 * Prefers a server on this machine, and one with a model. If the configured server works, another one is
 * recommended only when it lacks a model.
 */
function recommendedAmong([configured, ...others]: readonly [Finding, ...Finding[]]): string | undefined {
  const here = usefulness(configured);
  const working = others.filter((other) => usefulness(other) > here);
  const best = working.toSorted(
    (one, other) =>
      usefulness(other) - usefulness(one) || Number(isHere(other.address)) - Number(isHere(one.address)),
  );
  return best[0]?.address;
}

function usefulness({ verdict }: Finding): 0 | 1 | 2 {
  if (verdict.kind !== 'working') return 0;
  return hasModel(verdict.server) ? 2 : 1;
}

function isHere(address: string): boolean {
  return isLoopback(new URL(address).hostname);
}

/**
 * Where a server started on this machine would listen: at the configured address if that is on this machine,
 * else at OLLAMA_HOST's, else at Ollama's default. Undefined unless a server is missing there.
 */
function startableAddress(findings: readonly [Finding, ...Finding[]]): string | undefined {
  if (findings[0].verdict.kind === 'working') return undefined;
  const local = findings.filter(({ verdict, address }) => verdict.kind !== 'unusable' && isHere(address));
  if (local.some(({ verdict }) => verdict.kind === 'working')) return undefined;
  const wanted = local.find(({ why }) => why === 'configured' || why === 'ollamaHost') ?? local[0];
  if (wanted?.verdict.kind !== 'refused' || !wanted.isOllama) return undefined;
  const { origin, protocol } = new URL(wanted.address);
  return protocol === 'http:' ? origin : undefined;
}
