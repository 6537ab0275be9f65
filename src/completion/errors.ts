import { OllamaError, OllamaModelNotFoundError } from '../ollama/index.ts';
import { InfillTokenError } from './engine/index.ts';
import { none, NoSuggestionError, type Outcome } from './outcome.ts';

/** The outcome of a suggestion for an error. */
export function outcomeOfError(error: unknown): Outcome & { kind: 'none' } {
  if (error instanceof NoSuggestionError) return error.outcome;
  if (error instanceof InfillTokenError) return none('tokens');
  if (!(error instanceof OllamaError)) return none('failed');
  switch (error.kind) {
    case 'notApproved':
      return none('notApproved');
    case 'unreachable':
    case 'connectTimeout':
    case 'proxy':
      return none('offline');
    case 'noModel':
      return none('noModel');
    case 'modelNotFound':
      return none('notInstalled', error instanceof OllamaModelNotFoundError ? error.model : '');
    default:
      return { ...none('failed'), error };
  }
}
