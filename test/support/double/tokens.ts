/** A deterministic substitute for a tokenizer: about 3.5 characters per token. */
export function defaultTokenize(text: string): string[] {
  return text.match(/<\|[a-z_]+\|>|[ ]?[A-Za-z]{1,6}|[ ]?\d{1,3}|\s+|[ ]?[^\sA-Za-z\d]/gu) ?? [];
}

export interface PromptParts {
  prompt: string;
  system: string;
  suffix: string;
  raw: boolean;
  /** Other files as llama-server's `/infill` puts them first; undefined for other requests. */
  extra?: { filename?: string; text?: string }[];
  /** Whether the prompt is the start of an answer, which the template leaves open (Ollama's `template.Execute`). */
  isAnswer?: boolean;
  /** Chat messages before the last one. */
  history: { role: string; content: string }[];
}

/** The prompt in the recorded models' ChatML template. */
export function renderPrompt(parts: PromptParts): string {
  if (parts.raw) return parts.prompt;
  if (parts.extra) {
    const files = parts.extra.map(({ filename = '', text = '' }) => `<|file_sep|>${filename}\n${text}`);
    return `${files.join('')}<|fim_prefix|>${parts.prompt}<|fim_suffix|>${parts.suffix}<|fim_middle|>`;
  }
  if (parts.suffix !== '') return `<|fim_prefix|>${parts.prompt}<|fim_suffix|>${parts.suffix}<|fim_middle|>`;
  const turns = parts.history.map(({ role, content }) => turn(role, content));
  const system = parts.system === '' ? '' : turn('system', parts.system);
  const before = `${system}${turns.join('')}`;
  if (parts.isAnswer) return `${before}<|im_start|>assistant\n${parts.prompt}`;
  return `${before}${turn('user', parts.prompt)}<|im_start|>assistant\n`;
}

function turn(role: string, content: string): string {
  return `<|im_start|>${role}\n${content}<|im_end|>\n`;
}

/** A stable number for a token, as in the `context` array. */
export function tokenId(token: string): number {
  let hash = 0;
  for (let index = 0; index < token.length; index++) hash = (hash * 31 + token.charCodeAt(index)) % 151_643;
  return hash;
}

/**
 * Tokens of an overlong prompt that a server keeps when it truncates silently: the first 4 and half of the
 * rest of the context window (measured: 258 of 512).
 */
export function truncatedLength(numCtx: number): number {
  return 4 + Math.floor((numCtx - 4) / 2);
}

export function commonPrefix(one: readonly string[], other: readonly string[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length++;
  return length;
}
