import { OllamaError } from '../errors.ts';
import type { GenerateRequest } from './generation.ts';

/** @throws OllamaError (kind `badRequest`) for a request that has neither a prompt nor messages, or both */
export function assertAsked({ prompt, messages = [] }: GenerateRequest): void {
  if ((prompt === undefined) !== (messages.length === 0)) return;
  throw new OllamaError('A request needs either a prompt or messages: this one has neither or both.', {
    kind: 'badRequest',
  });
}
