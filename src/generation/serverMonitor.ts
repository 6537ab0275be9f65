import type { GenerationResult, ModelSummary } from '../ollama/index.ts';

/** The facts about the server that the code for requests needs. */
export interface ServerKnowledge {
  /** `undefined` before the first request. */
  online?: boolean;
  installed: ModelSummary[];
  /** The model that requests use. */
  model?: string;
  /** Whether it is installed. */
  modelInstalled: boolean;
  /** The other server that runs it, if any. */
  remoteHost?: string;
}

/** Receives the results of requests. `Monitor` implements it. */
export interface ServerMonitor {
  readonly facts: ServerKnowledge;
  /** Probes the server now. */
  probe(): Promise<void>;
  /** Like `probe`, but never uses the result of an earlier probe. */
  probeAfterChange(): Promise<void>;
  /** Sets or ends the loading of a model. */
  setLoading(loading: { kind: 'loading'; expectedMs?: number } | undefined): void;
  /** Records that the server has answered. */
  reportSuccess(result?: GenerationResult): void;
  /** Records an error of a request. */
  reportFailure(error: unknown): void;
}
