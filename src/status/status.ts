import type { ServerKnowledge } from '../generation/serverMonitor.ts';
import {
  toTimer,
  type LoadedModel,
  type OllamaError,
  type Phase,
  type ServerCapabilities,
  type Slots,
} from '../ollama/index.ts';

/** Tokens of a prompt, and those that the server had in its cache. */
export interface PromptUse {
  tokens: number;
  cached: number;
}

/** The known facts about the server. Unknown facts are omitted. */
export interface ServerFacts extends ServerKnowledge {
  origin: string;
  /** Undefined while unknown: then Ollama is assumed. */
  capabilities?: ServerCapabilities;
  version?: string;
  /** The state of the model if it is loaded. */
  loaded?: LoadedModel;
  /** All models that are loaded. */
  allLoaded?: readonly LoadedModel[];
  /** Reduced context size in tokens after recovery from "out of memory". */
  reducedNumCtx?: number;
  /** Context size in tokens with which another program has loaded the model, if requests use it. */
  adoptedNumCtx?: number;
  /** Of the latest answer. */
  lastTokensPerSecond?: number;
  /** The prompt of the latest answer, if the server reports what it has reused. */
  lastPrompt?: PromptUse;
  /** How busy the server is, if it reports that. */
  slots?: Slots;
  /** The latest error, until a success follows. */
  problem?: OllamaError;
}

/** Pages of a workspace are being written. */
export interface PagesActivity {
  kind: 'pages';
  done: number;
  total: number;
  /** Undefined before the first page is done. */
  secondsLeft?: number;
  isPaused: boolean;
}

/** What the extension is doing. */
export type Activity =
  | { kind: 'none' }
  | { kind: 'loading'; expectedMs?: number }
  | { kind: 'pulling'; model: string; percent: number }
  | PagesActivity
  | {
      kind: 'generating';
      title: string;
      /** The answering model, once it is known. */
      model?: string;
      phase: Phase | 'waiting';
      tokensPerSecond?: number;
      queued: number;
      retry?: string;
    };

/** All states that the status bar shows. */
export type Status =
  | { kind: 'checking' }
  | { kind: 'notApproved'; origin: string }
  | { kind: 'offline' }
  /** `problem` is set when models are installed that cannot answer. */
  | { kind: 'noModel'; problem?: OllamaError }
  | { kind: 'modelNotInstalled'; model: string }
  | { kind: 'idle'; model: string }
  | { kind: 'loading'; model: string; expectedMs?: number }
  | { kind: 'pulling'; model: string; percent: number }
  | { kind: 'ready'; model: string }
  | { kind: 'remote'; model: string; host: string }
  | { kind: 'working'; model: string; activity: Activity & { kind: 'generating' } }
  | { kind: 'reduced'; model: string; numCtx: number }
  | PagesActivity
  | { kind: 'error'; problem: OllamaError };

/** The state for the given facts and activity. An activity comes before a past event. */
export function statusOf(facts: ServerFacts, activity: Activity): Status {
  const model = facts.model ?? '';
  if (activity.kind === 'generating') return { kind: 'working', model: activity.model ?? model, activity };
  if (activity.kind === 'loading') return loading(model, activity.expectedMs);
  if (activity.kind === 'pulling') return activity;
  if (facts.problem?.kind === 'notApproved') return { kind: 'notApproved', origin: facts.origin };
  if (facts.online === undefined) return { kind: 'checking' };
  if (!facts.online) return { kind: 'offline' };
  if (isMissing(facts)) return { kind: 'modelNotInstalled', model };
  if (facts.problem?.kind === 'noModel') return noModel(facts, facts.problem);
  // A server that refuses to answer reports no models.
  if (facts.problem && facts.installed.length === 0) return { kind: 'error', problem: facts.problem };
  if (facts.installed.length === 0 && !facts.remoteHost) return { kind: 'noModel' };
  if (!facts.modelInstalled) return { kind: 'modelNotInstalled', model };
  if (facts.problem) return { kind: 'error', problem: facts.problem };
  if (activity.kind === 'pages') return activity;
  if (facts.remoteHost) return { kind: 'remote', model, host: facts.remoteHost };
  if (facts.reducedNumCtx !== undefined) return { kind: 'reduced', model, numCtx: facts.reducedNumCtx };
  return facts.loaded || !can(facts, 'loadedModels') ? { kind: 'ready', model } : { kind: 'idle', model };
}

/** Whether a request has failed for the same reason that the facts show. */
function isMissing({ problem, model, modelInstalled }: ServerFacts): boolean {
  return problem?.kind === 'modelNotFound' && !modelInstalled && Boolean(model);
}

function noModel({ installed }: ServerFacts, problem: OllamaError): Status {
  return installed.length === 0 ? { kind: 'noModel' } : { kind: 'noModel', problem };
}

function loading(model: string, expectedMs: number | undefined): Status {
  return expectedMs === undefined ? { kind: 'loading', model } : { kind: 'loading', model, expectedMs };
}

/** Whether the server has a capability. */
export function can(
  { capabilities }: ServerFacts,
  what: Exclude<keyof ServerCapabilities, 'product'>,
): boolean {
  return capabilities?.[what] ?? true;
}

/** Whether the server is the built-in demo server, which its version shows. */
export function isDemo(facts: ServerFacts): boolean {
  return facts.version?.endsWith('-demo') ?? false;
}

/** The program in the closing line of a page, which is English like the names of the page's fields. */
export function programName(facts: ServerFacts): string {
  return isDemo(facts) ? 'CodeWorm (demo server, prepared answers)' : 'CodeWorm';
}

/** Poll this many times less often while the server is offline or the window is not focused. */
const idlePollFactor = 3;
/** After a failed probe of a server that was online, poll again after this share of the interval. */
const retryPollFactor = 0.2;

/** Milliseconds until the next probe, from the interval in the settings. */
export function pollDelayMs(
  intervalMs: number,
  { online, focused, failures }: { online: boolean; focused: boolean; failures: number },
): number {
  if (!online || !focused) return toTimer(intervalMs * idlePollFactor);
  return toTimer(failures > 0 ? intervalMs * retryPollFactor : intervalMs);
}
