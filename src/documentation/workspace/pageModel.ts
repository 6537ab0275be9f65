import type { GenerationResult, StreamEvent } from '../../ollama/index.ts';
import type { TokenBudget } from '../../prompts/tokens.ts';

/** What a page is asked for with. */
export interface PagePrompt {
  system: string;
  prompt: string;
  /** What was left out, for the reader of the page. */
  note?: string;
}

/** One request for the text of a page. */
export interface PageRequest extends Pick<PagePrompt, 'system' | 'prompt'> {
  /** What the model has written already: it goes on behind that. */
  written?: string;
  /** Absent: as the settings have it. */
  temperature?: number;
  /** Aborting it closes the connection at once. */
  signal: AbortSignal;
}

/** The model that writes pages. */
export interface PageModel {
  /** Its name, and the room that a prompt has. */
  budget(signal: AbortSignal): Promise<TokenBudget & { model: string }>;
  /**
   * Writes, with the client's own retries and recovery.
   * @throws OllamaError with the partial text; the signal's reason when it aborts
   */
  write(request: PageRequest, onEvent: (event: StreamEvent) => void): Promise<GenerationResult>;
  /** Whether its server answers. Never rejects. */
  isReachable(signal: AbortSignal): Promise<boolean>;
  /** Whether it goes on behind what it has written already, rather than beginning anew. Never rejects. */
  continues(signal: AbortSignal): Promise<boolean>;
}
