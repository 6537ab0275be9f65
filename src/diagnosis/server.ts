import {
  canComplete,
  chooseModel,
  isLoopback,
  sameModel,
  type ErrorKind,
  type LoadedModel,
  type ModelSummary,
  type OllamaError,
} from '../ollama/index.ts';
import type { Machine } from './machine.ts';

/** What a working server has told. */
export interface ServerSeen {
  origin: string;
  version: string;
  installed: readonly ModelSummary[];
  /** Undefined when it cannot tell, as servers before 0.1.33. */
  loaded: readonly LoadedModel[] | undefined;
  problems: readonly ServerProblem[];
}

/** What is wrong with a server that works. */
export type ServerProblem =
  /** `cuts`: it does not heed `truncate`, and cuts long prompts silently; `psMissing`: it lacks /api/ps. */
  | { kind: 'tooOld'; version: string; lacks: 'truncate' | 'ps' }
  | { kind: 'noModel' }
  | { kind: 'modelMissing'; model: string }
  | { kind: 'modelDoesNotComplete'; model: string }
  /** A request has met it. `numCtx` is what the context was reduced to, if that helped. */
  | { kind: 'outOfMemory'; model: string; numCtx?: number }
  /** It has not been met, but the file of the model is bigger than the memory there is; bytes. */
  | { kind: 'biggerThanMemory'; model: string; sizeBytes: number; memoryBytes: number }
  /** What the last request met, which no look at the server can confirm. */
  | { kind: 'lastFailure'; error: OllamaError };

/** What is asked of a server. */
export interface Wanted {
  /** Empty: whichever there is. */
  model: string;
  /** The error that the last request to the configured address met. */
  lastProblem?: OllamaError | undefined;
  /** Tokens that the context window was reduced to when memory ran out. */
  reducedNumCtx?: number | undefined;
}

/** Whether the server is good enough to be recommended: one that has a model to answer with. */
export function hasModel({ problems }: ServerSeen): boolean {
  return !problems.some(({ kind }) => ['noModel', 'modelMissing', 'modelDoesNotComplete'].includes(kind));
}

/** The model that requests would use; undefined when there is none. */
export function modelOf(
  { installed, loaded }: Pick<ServerSeen, 'installed' | 'loaded'>,
  wanted: string,
): string | undefined {
  return wanted || chooseModel([...installed], [...(loaded ?? [])]);
}

/** Everything that is wrong with a server, what hinders most first. */
export function problemsOf(
  server: Omit<ServerSeen, 'problems'>,
  wanted: Wanted,
  machine: Machine,
): ServerProblem[] {
  const model = modelOf(server, wanted.model);
  return [
    ...modelProblems(server, model),
    ...met(wanted, model ?? ''),
    ...memoryProblems(server, wanted, model, machine),
    ...ageProblems(server.version),
  ];
}

function modelProblems(
  { installed }: Omit<ServerSeen, 'problems'>,
  model: string | undefined,
): ServerProblem[] {
  if (model === undefined) return [{ kind: 'noModel' }];
  const found = installed.find(({ name }) => sameModel(name, model));
  if (!found) return installed.length === 0 ? [{ kind: 'noModel' }] : [{ kind: 'modelMissing', model }];
  return canComplete(found) ? [] : [{ kind: 'modelDoesNotComplete', model }];
}

/** Kinds of errors that a fresh look at the server confirms or refutes better than they do themselves. */
const seenAfresh: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  ...([
    'unreachable',
    'certificate',
    'proxy',
    'closed',
    'connectTimeout',
    'gateway',
    'unauthorized',
  ] as const),
  ...([
    'forbidden',
    'modelNotFound',
    'noModel',
    'notOllama',
    'redirected',
    'settings',
    'notApproved',
  ] as const),
]);

function met({ lastProblem, reducedNumCtx }: Wanted, model: string): ServerProblem[] {
  if (lastProblem?.kind === 'outOfMemory') return [{ kind: 'outOfMemory', model }];
  const reduced: ServerProblem[] =
    reducedNumCtx === undefined ? [] : [{ kind: 'outOfMemory', model, numCtx: reducedNumCtx }];
  return lastProblem === undefined || seenAfresh.has(lastProblem.kind)
    ? reduced
    : [...reduced, { kind: 'lastFailure', error: lastProblem }];
}

/** With mirrored networking the server may be Windows', whose memory WSL does not see; what is loaded fits. */
function memoryProblems(
  { origin, installed, loaded }: Omit<ServerSeen, 'problems'>,
  { lastProblem }: Wanted,
  model: string | undefined,
  { memoryBytes, mirrored }: Machine,
): ServerProblem[] {
  if (model === undefined || mirrored || !isLoopback(new URL(origin).hostname)) return [];
  if (lastProblem?.kind === 'outOfMemory' || loaded?.some(({ name }) => sameModel(name, model))) return [];
  const { sizeBytes = 0 } = installed.find(({ name }) => sameModel(name, model)) ?? {};
  return sizeBytes > memoryBytes ? [{ kind: 'biggerThanMemory', model, sizeBytes, memoryBytes }] : [];
}

/** The first version with /api/ps, and the first that heeds `truncate` in place of cutting silently. */
const withPs = [0, 1, 33];
const withTruncate = [0, 12, 6];

function ageProblems(version: string): ServerProblem[] {
  if (isBefore(version, withPs)) return [{ kind: 'tooOld', version, lacks: 'ps' }];
  return isBefore(version, withTruncate) ? [{ kind: 'tooOld', version, lacks: 'truncate' }] : [];
}

/** 0.0.0 is what developers' builds call themselves; of them and of unreadable versions nothing is said. */
function isBefore(version: string, than: readonly number[]): boolean {
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (!numbers || numbers.every((number) => number === 0)) return false;
  const different = than.findIndex((number, index) => numbers[index] !== number);
  return different >= 0 && (numbers[different] ?? 0) < (than[different] ?? 0);
}
