import {
  canComplete,
  chooseModel,
  isLoopback,
  outdatedServer,
  sameModel,
  type ErrorKind,
  type LoadedModel,
  type ModelSummary,
  type OllamaError,
} from '../ollama/index.ts';
import type { Machine } from './machine.ts';

/** The answers of a working server. */
export interface ServerSeen {
  origin: string;
  version: string;
  /** The name of the server's program; empty when it is not known. */
  product: string;
  installed: readonly ModelSummary[];
  /** Undefined when the server does not report them. */
  loaded: readonly LoadedModel[] | undefined;
  problems: readonly ServerProblem[];
}

/** A problem of a working server. */
export type ServerProblem =
  | { kind: 'tooOld'; version: string }
  | { kind: 'noModel' }
  | { kind: 'modelMissing'; model: string }
  /** A server that decides itself about its models does not list it; empty: it lists none. */
  | { kind: 'modelNotListed'; model: string }
  | { kind: 'modelDoesNotComplete'; model: string }
  /** A request ran out of memory. `numCtx` is the reduced context size, if that helped. */
  | { kind: 'outOfMemory'; model: string; numCtx?: number }
  /** No request has failed yet, but the model's file is larger than the memory. In bytes. */
  | { kind: 'biggerThanMemory'; model: string; sizeBytes: number; memoryBytes: number }
  /** The error of the latest request, which a probe cannot confirm. */
  | { kind: 'lastFailure'; error: OllamaError };

/** What is expected of a server. */
export interface Wanted {
  /** Empty: any model. */
  model: string;
  /** The error of the latest request to the configured address. */
  lastProblem?: OllamaError | undefined;
  /** Reduced context size in tokens after running out of memory. */
  reducedNumCtx?: number | undefined;
}

/** Whether the server can be recommended: it is supported and has a model that answers. */
export function hasModel({ problems }: ServerSeen): boolean {
  return !problems.some(({ kind }) =>
    ['tooOld', 'noModel', 'modelMissing', 'modelNotListed', 'modelDoesNotComplete'].includes(kind),
  );
}

/** The model that requests would use; undefined when there is none. */
export function modelOf(
  { installed, loaded }: Pick<ServerSeen, 'installed' | 'loaded'>,
  wanted: string,
): string | undefined {
  return wanted || chooseModel([...installed], [...(loaded ?? [])]);
}

/** All problems of a server, the most serious first. */
export function problemsOf(
  server: Omit<ServerSeen, 'problems'>,
  wanted: Wanted,
  machine: Machine,
): ServerProblem[] {
  const model = modelOf(server, wanted.model);
  return [
    ...ageProblems(server),
    ...modelProblems(server, model),
    ...met(wanted, model ?? ''),
    ...memoryProblems(server, wanted, model, machine),
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

/** Kinds of errors that a new probe shows better than the old error. */
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
    'tooOld',
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

/**
 * With mirrored networking the server may run on Windows, whose memory WSL does not see. A loaded model fits
 * in any case.
 */
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

function ageProblems({ version, origin }: Omit<ServerSeen, 'problems'>): ServerProblem[] {
  return outdatedServer(version, origin) ? [{ kind: 'tooOld', version }] : [];
}
