/** A model installed on the server. */
export interface ModelSummary {
  name: string;
  /** Size on disk in bytes; 0 when the server does not report it. */
  sizeBytes: number;
  /** RFC 3339, as the server writes it; empty when it does not report it. */
  modifiedAt: string;
  digest: string;
  family: string;
  /** For example `7.6B`. */
  parameterSize: string;
  /** For example `Q4_K_M`. */
  quantization: string;
  /** The context length of the training in tokens; 0 when the server does not report it. */
  contextLength: number;
  /** For example `completion`, `insert`, `thinking`; empty when the server does not report them. */
  capabilities: string[];
  /** Origin of the other server that runs the model, such as `https://ollama.com`; empty for local models. */
  remoteHost: string;
}

/** A model that is currently loaded. */
export interface LoadedModel {
  name: string;
  /** Memory used, in bytes; 0 when the server does not report it. */
  sizeBytes: number;
  /** The share of that memory on the GPU, 0 to 1; undefined when the server does not report it. */
  gpuShare: number | undefined;
  /** The context length with which it was loaded, in tokens; 0 when the server does not report it. */
  contextLength: number;
  /** When it will be unloaded, RFC 3339. A time centuries ahead means never; empty when it is not known. */
  expiresAt: string;
}

/**
 * What a pull is doing: reading the manifest, downloading layers, verifying their digests, writing the
 * manifest, or removing unused layers.
 */
export type PullPhase = 'manifest' | 'downloading' | 'verifying' | 'writing' | 'cleaning';

/**
 * Progress of a pull. The sizes include all layers reported so far, and grow when the server reports more.
 */
export interface PullProgress {
  phase: PullPhase;
  /** Bytes on the server; never more than `totalBytes`. */
  completedBytes: number;
  totalBytes: number;
  /** The bytes that were there before this pull. The speed is computed without them. */
  resumedBytes: number;
}
