import type { RecordedRequest } from './record.ts';

/** A model the double claims to have installed. Everything but the name has a default. */
export interface ModelSpec {
  /** As typed after `ollama pull`; without a tag it means `:latest`. */
  name: string;
  /** Size of the model file, in bytes; also what it takes in memory besides its context. */
  sizeBytes?: number;
  /** Memory the context takes, in bytes per token of `num_ctx`. */
  memoryPerTokenBytes?: number;
  /** The trained context length in tokens; a larger `num_ctx` is clamped to it silently. */
  contextLength?: number;
  embeddingLength?: number;
  capabilities?: string[];
  /** The parameters of its Modelfile, as `/api/show` tells them. */
  parameters?: string;
  family?: string;
  quantization?: string;
  parameterSize?: string;
  digest?: string;
  /** An ISO date. */
  modifiedAt?: string;
  /** How long loading takes, in ms; default: the double's own `loadMs`. */
  loadMs?: number;
  /** When set, loading ends with a 500 of this text (damaged file, load timeout ...). */
  loadError?: string;
  /** The model runs elsewhere, and nobody is signed in (401 with a `signin_url`) or the other server is out of reach. */
  cloud?: boolean | 'offline';
  /** When set, the model runs on the server of this URL: the list says so, and it is never loaded here. */
  remoteHost?: string;
  /** What the model is called there. */
  remoteModel?: string;
  /** Instead of the usual one with roles. */
  template?: string;
}

type Optional = 'parameters' | 'loadMs' | 'loadError' | 'cloud' | 'remoteHost' | 'remoteModel' | 'template';
export type Model = Required<Omit<ModelSpec, Optional>> & Pick<ModelSpec, Optional>;

/** What an answer may depend on, in one form for /api/generate and /api/chat. */
export interface AnswerRequest {
  model: string;
  /** The prompt, or the last chat message. */
  prompt: string;
  system: string;
  suffix: string;
  options: Record<string, unknown>;
  /** Names of the tools that were offered. */
  tools: string[];
  /** Who has spoken last: after `tool`, the model has its result. */
  lastRole: string;
  request: RecordedRequest;
}

/** A call that a model makes of a tool that was offered. */
export interface ToolCallSpec {
  name: string;
  arguments: Record<string, unknown>;
  /** Invented where it is left out. */
  id?: string;
}

/** One string is cut into tokens by the double; an array or iterable gives the tokens as they are. */
export type Answer = string | string[] | AsyncIterable<string>;
export type AnswerFunction = (request: AnswerRequest) => Answer | Promise<Answer>;

/** One line of a pull's progress. */
export interface PullStep {
  status?: string;
  error?: string;
  digest?: string;
  total?: number;
  completed?: number;
}

/** What a pull is told besides the name. */
export interface PullContext {
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  /** Whether the double has the model already. */
  installed: boolean;
  /** Says what the model is that will be installed; what is left out follows from name and sizes. */
  describe: (model: Partial<ModelSpec>) => void;
}

type PullSteps = Iterable<PullStep> | AsyncIterable<PullStep>;

export interface DoubleSettings {
  models: ModelSpec[];
  /** All the memory there is, in bytes. */
  memoryBytes: number;
  /** Which text an out-of-memory answer has: a key of `outOfMemoryTexts`, or the text itself. */
  outOfMemory: string;
  /** The part of a loaded model that lies on the GPU, 0 to 1. */
  gpuShare: number;
  loadMs: number;
  /** How long `/api/ps` still lists a model after its unloading began, in ms. */
  unloadMs: number;
  /** Tokens of the prompt read per second. */
  readingSpeed: number;
  /** Tokens written per second. */
  writingSpeed: number;
  /** Lines that leave in one packet while writing at infinite speed. */
  linesPerPacket: number;
  /** Requests one model works on at a time. */
  numParallel: number;
  maxLoadedModels: number;
  /** Requests that may wait; one more is answered with 503. */
  maxQueue: number;
  version: string;
  /** Where the API begins, for a server behind a gateway: `/ollama` makes it `/ollama/api/...`. */
  pathPrefix: string;
  /** The window used when a request names none, in tokens. */
  defaultNumCtx: number;
  /** What an absent or null keep_alive means, in ms. */
  keepAliveMs: number;
  /** A real server ends a stream without a final line after 30 repetitions of one token. */
  repeatGuard: boolean;
  answer: AnswerFunction;
  /** What a model calls that was offered tools; with calls it writes no text. */
  toolCalls: (request: AnswerRequest) => ToolCallSpec[] | Promise<ToolCallSpec[]>;
  /** What a model with the capability `thinking` thinks first. */
  thinking: AnswerFunction;
  tokenize: (text: string) => string[];
  /** `unreachable`, or the progress of a pull that installs the model when it ends without an error. */
  pull: 'unreachable' | ((model: string, context: PullContext) => PullSteps);
}

export type DoubleOptions = Partial<DoubleSettings> & { host?: string; port?: number };
