/**
 * `plain`: a response with a length and a charset, as written by the server's router. `runner`: chunked and
 * without a charset, as for an error after the stream was set up.
 */
type ProblemKind = 'plain' | 'runner';

/** An error response of the double. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly extra: Record<string, unknown>;

  constructor(
    status: number,
    text: string,
    kind: ProblemKind = 'plain',
    extra: Record<string, unknown> = {},
  ) {
    super(text);
    this.status = status;
    this.kind = kind;
    this.extra = extra;
  }

  get body(): Record<string, unknown> {
    return { error: this.message, ...this.extra };
  }
}

export const busyText = 'server busy, please try again.  maximum pending requests exceeded';
export const runnerDiedText = 'an error was encountered while running the model: unexpected EOF';
export const shiftText =
  'the prompt is longer than the context length currently available to the model; ' +
  'shorten the prompt, adjust the context length in settings, or use a model with a longer context length';

/** Out-of-memory texts of servers and devices; sizes in bytes. */
export const outOfMemoryTexts: Record<string, (need: number, have: number) => string> = {
  current: (need) =>
    'llama-server process has terminated: exit status 1: ggml_aligned_malloc: insufficient memory ' +
    `(attempted to allocate ${(need / 2 ** 20).toFixed(2)} MB)\n` +
    `ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size ${need}\n` +
    `ggml_backend_buft_alloc_buffer_n_default: failed to allocate CPU buffer of size ${need}\n` +
    'llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache',
  systemMemory: (need, have) =>
    `model requires more system memory (${gibibytes(need)}) than is available (${gibibytes(have)})`,
  oldRunner: () => 'llama runner process has terminated: signal: killed',
  oldRunnerCuda: () => 'llama runner process has terminated: cudaMalloc failed: out of memory',
  cuda: (need) =>
    'llama-server process has terminated: exit status 1: ggml_backend_cuda_buffer_type_alloc_buffer: ' +
    `allocating ${(need / 2 ** 20).toFixed(2)} MiB on device 0: cudaMalloc failed: out of memory`,
  hip: () => 'llama-server process has terminated: exit status 1: hipMalloc failed: out of memory',
  vulkan: () =>
    'llama-server process has terminated: exit status 1: vk::Device::allocateMemory: ErrorOutOfDeviceMemory',
};

export function outOfMemoryText(kind: string, need: number, have: number): string {
  return outOfMemoryTexts[kind]?.(need, have) ?? kind;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

/** The response to `truncate: false`: the runner's own JSON inside the error string. */
export function contextSizeText(promptTokens: number, numCtx: number): string {
  return nested(
    `request (${promptTokens} tokens) exceeds the available context size (${numCtx} tokens), try increasing it`,
    'exceed_context_size_error',
    { n_prompt_tokens: promptTokens, n_ctx: numCtx },
  );
}

export function imagesText(): string {
  const text = 'Multimodal data provided, but model does not support multimodal requests.';
  return nested(text, 'invalid_request_error', {});
}

function nested(message: string, type: string, numbers: Record<string, number>): string {
  return JSON.stringify({ error: { code: 400, message, type, ...numbers } });
}
