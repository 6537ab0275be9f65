import { OllamaError, OllamaProtocolError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';

export function unreadable(): OllamaProtocolError {
  const message = localizable(
    'The answer cannot be read (an event is not one of a chat completion): check what is between CodeWorm and the server, and try again.',
  );
  return new OllamaProtocolError(message, { kind: 'garbled' });
}

export function brokenCall(model: string): OllamaError {
  const message = localizable(
    'The model "{0}" called a tool in a way that cannot be read: ask again, allow a longer answer, or choose another model.',
    model,
  );
  return new OllamaError(message, { kind: 'unparsable' });
}

export function filtered(origin: string): OllamaError {
  const message = localizable(
    'A filter of the server at {0} ended the answer: keep what has arrived, or ask in other words.',
    origin,
  );
  return new OllamaError(message);
}
