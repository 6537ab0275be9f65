/** A model that is installed on the server. */
export interface ModelSummary {
  name: string;
  /** Size on disk in bytes; 0 when the server does not say. */
  sizeBytes: number;
  /** As the server writes it, RFC 3339; empty when it does not say. */
  modifiedAt: string;
  digest: string;
  family: string;
  /** Such as `7.6B`. */
  parameterSize: string;
  /** Such as `Q4_K_M`. */
  quantization: string;
  /** The context length the model was trained with, in tokens; 0 when the server does not say. */
  contextLength: number;
  /** Such as `completion`, `insert`, `thinking`; empty on servers before 0.6.4. */
  capabilities: string[];
  /** Origin of the server that runs it on behalf of this one, such as `https://ollama.com`; empty for local models. */
  remoteHost: string;
}

/** A model that is loaded now. */
export interface LoadedModel {
  name: string;
  /** Memory it takes, in bytes. */
  sizeBytes: number;
  /** The part of it on the GPU, 0 to 1. */
  gpuShare: number;
  /** The context length it was really loaded with, in tokens; 0 when the server does not say. */
  contextLength: number;
  /** When it will be unloaded, RFC 3339; centuries ahead means never. */
  expiresAt: string;
}

/**
 * What a pull is doing: asking the registry what the model consists of, fetching its layers, comparing them with
 * their digests, writing the model down, and removing layers that nobody needs any more.
 */
export type PullPhase = 'manifest' | 'downloading' | 'verifying' | 'writing' | 'cleaning';

/** How far a pull is. Sizes are of all layers that the server has named so far, and grow as it names more. */
export interface PullProgress {
  phase: PullPhase;
  /** Bytes that the server has; never more than `totalBytes`. */
  completedBytes: number;
  totalBytes: number;
  /** The part of `completedBytes` that was there when this pull began: a speed is made from the rest. */
  resumedBytes: number;
}
