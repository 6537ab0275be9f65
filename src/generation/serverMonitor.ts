import type { GenerationResult, ModelSummary } from '../ollama/index.ts';

/** What is known of the server, as far as those who ask it need to know it. */
export interface ServerKnowledge {
  /** `undefined`: it was not asked yet. */
  online?: boolean;
  installed: ModelSummary[];
  /** The model that requests use. */
  model?: string;
  /** It is installed. */
  modelInstalled: boolean;
  /** Where it runs, if not on the server. */
  remoteHost?: string;
}

/** Whom those who ask the server tell how that went: `Monitor`, of which nothing else is known here. */
export interface ServerMonitor {
  readonly facts: ServerKnowledge;
  /** Asks the server now. */
  probe(): Promise<void>;
  /** As `probe`, and not satisfied with what was asked before the call. */
  probeAfterChange(): Promise<void>;
  /** The model is being loaded, or no more. */
  setLoading(loading: { kind: 'loading'; expectedMs?: number } | undefined): void;
  /** The server has answered. */
  reportSuccess(result?: GenerationResult): void;
  /** The server could not be asked, or has answered with an error. */
  reportFailure(error: unknown): void;
}
