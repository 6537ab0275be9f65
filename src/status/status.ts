import type { ServerKnowledge } from '../generation/serverMonitor.ts';
import { toTimer, type LoadedModel, type OllamaError, type Phase } from '../ollama/index.ts';

/** What is known of the server; everything that is not known yet or any more is left out. */
export interface ServerFacts extends ServerKnowledge {
  origin: string;
  version?: string;
  /** The model, if it is loaded. */
  loaded?: LoadedModel;
  /** Context size of recovery, in tokens, if it was reduced. */
  reducedNumCtx?: number;
  /** Context size that another program has loaded the model with, in tokens, if it is used as it is. */
  adoptedNumCtx?: number;
  /** Of the last answer. */
  lastTokensPerSecond?: number;
  /** What failed last and was not followed by a success. */
  problem?: OllamaError;
}

/** What the extension itself is doing. */
export type Activity =
  | { kind: 'none' }
  | { kind: 'loading'; expectedMs?: number }
  | { kind: 'pulling'; model: string; percent: number }
  | {
      kind: 'generating';
      title: string;
      /** The one that answers, once it is known. */
      model?: string;
      phase: Phase | 'waiting';
      tokensPerSecond?: number;
      queued: number;
      retry?: string;
    };

/** Everything the status bar can say. */
export type Status =
  | { kind: 'checking' }
  | { kind: 'notApproved'; origin: string }
  | { kind: 'offline' }
  /** `problem` is there where models are installed that cannot answer. */
  | { kind: 'noModel'; problem?: OllamaError }
  | { kind: 'modelNotInstalled'; model: string }
  | { kind: 'idle'; model: string }
  | { kind: 'loading'; model: string; expectedMs?: number }
  | { kind: 'pulling'; model: string; percent: number }
  | { kind: 'ready'; model: string }
  | { kind: 'remote'; model: string; host: string }
  | { kind: 'working'; model: string; activity: Activity & { kind: 'generating' } }
  | { kind: 'reduced'; model: string; numCtx: number }
  | { kind: 'error'; problem: OllamaError };

/** The one state that facts and activity amount to: what is being done counts more than what was. */
export function statusOf(facts: ServerFacts, activity: Activity): Status {
  const model = facts.model ?? '';
  if (activity.kind === 'generating') return { kind: 'working', model: activity.model ?? model, activity };
  if (activity.kind === 'loading') return loading(model, activity.expectedMs);
  if (activity.kind === 'pulling') return activity;
  if (facts.problem?.kind === 'notApproved') return { kind: 'notApproved', origin: facts.origin };
  if (facts.online === undefined) return { kind: 'checking' };
  if (!facts.online) return { kind: 'offline' };
  if (facts.problem?.kind === 'noModel') return noModel(facts, facts.problem);
  // A server that refuses to answer says nothing of its models.
  if (facts.problem && facts.installed.length === 0) return { kind: 'error', problem: facts.problem };
  if (facts.installed.length === 0 && !facts.remoteHost) return { kind: 'noModel' };
  if (!facts.modelInstalled) return { kind: 'modelNotInstalled', model };
  if (facts.problem) return { kind: 'error', problem: facts.problem };
  if (facts.remoteHost) return { kind: 'remote', model, host: facts.remoteHost };
  if (facts.reducedNumCtx !== undefined) return { kind: 'reduced', model, numCtx: facts.reducedNumCtx };
  return facts.loaded ? { kind: 'ready', model } : { kind: 'idle', model };
}

function noModel({ installed }: ServerFacts, problem: OllamaError): Status {
  return installed.length === 0 ? { kind: 'noModel' } : { kind: 'noModel', problem };
}

function loading(model: string, expectedMs: number | undefined): Status {
  return expectedMs === undefined ? { kind: 'loading', model } : { kind: 'loading', model, expectedMs };
}

/** The version by which the built-in demo server makes itself known. */
export function isDemo(facts: ServerFacts): boolean {
  return facts.version?.endsWith('-demo') ?? false;
}

/** How many times slower the server is looked at while it is offline or nobody looks at the window. */
const idlePollFactor = 3;
/** Share of the interval after which a look is repeated that failed although the server had just answered. */
const retryPollFactor = 0.2;

/** Milliseconds until the next look at the server, from the interval of the settings. */
export function pollDelayMs(
  intervalMs: number,
  { online, focused, failures }: { online: boolean; focused: boolean; failures: number },
): number {
  if (!online || !focused) return toTimer(intervalMs * idlePollFactor);
  return toTimer(failures > 0 ? intervalMs * retryPollFactor : intervalMs);
}
