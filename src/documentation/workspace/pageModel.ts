import type { GenerationResult, StreamEvent } from '../../ollama/index.ts';
import type { TokenBudget } from '../../prompts/tokens.ts';

/** The prompt of a page. */
export interface PagePrompt {
  system: string;
  prompt: string;
  /** Omissions, for the reader of the page. */
  note?: string;
}

/** One request for the text of a page. */
export interface PageRequest extends Pick<PagePrompt, 'system' | 'prompt'> {
  /** The text that the model has already written and will continue. */
  written?: string;
  /** By default the settings' value. */
  temperature?: number;
  /** Most tokens of the answer, instead of the settings' value. */
  maxTokens?: number;
  /** Aborting it closes the connection at once. */
  signal: AbortSignal;
}

/** A model that writes pages. */
export interface PageModel {
  /** Its name, and the token budget of a prompt. */
  budget(signal: AbortSignal): Promise<TokenBudget & { model: string }>;
  /**
   * Writes, with the client's own retries and recovery.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  write(request: PageRequest, onEvent: (event: StreamEvent) => void): Promise<GenerationResult>;
  /** Whether its server answers. Never rejects. */
  isReachable(signal: AbortSignal): Promise<boolean>;
  /**
   * Whether it would continue `written` at its last character, as if it had not been interrupted. Rejects only with
   * the signal's reason.
   */
  continues(request: PageRequest): Promise<boolean>;
}
