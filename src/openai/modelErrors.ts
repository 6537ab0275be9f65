import type { ModelSummary } from '../http/client/models.ts';
import { OllamaModelNotFoundError } from '../http/errors.ts';
import { localizable } from '../http/message.ts';

/** Most models named in one message. */
const mostNamed = 5;

/** The error when the server lists no model that can answer. */
export function noModel(origin: string): OllamaModelNotFoundError {
  const message = localizable(
    'The server at {0} lists no model that can answer: load one there, or name one in the setting codeworm.model.',
    origin,
  );
  return new OllamaModelNotFoundError(message, '', { kind: 'noModel', isFixedServer: true });
}

/** The error for an unknown model, with the names of those that the server lists. */
export function withList(
  { model, status, cause }: OllamaModelNotFoundError,
  origin: string,
  models: readonly ModelSummary[],
): OllamaModelNotFoundError {
  const names = models.slice(0, mostNamed).map(({ name }) => name);
  const message = localizable(
    'The server at {0} does not have the model "{1}": choose one of its models ({2}).',
    origin,
    model,
    names.join(', ') + (models.length > mostNamed ? ', …' : ''),
  );
  return new OllamaModelNotFoundError(message, model, { status, cause, isFixedServer: true });
}
