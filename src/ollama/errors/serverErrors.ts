import { OllamaProtocolError, type OllamaError } from '../../http/errors.ts';
import { localizable, type LocalizableMessage } from '../../http/message.ts';
import type { FailedResponse, ServerErrors } from '../../http/transport.ts';

/** The error for an unsuccessful response. The rules are loaded at the first one. */
export async function classifyResponse(failed: FailedResponse): Promise<OllamaError> {
  const { classify } = await import('./classify.ts');
  return classify(failed);
}

/** For an answer that the server has ended because it repeated itself. */
export function repeatedMessage(model: string): LocalizableMessage {
  return localizable(
    'The model "{0}" repeated itself, so the server ended the answer: keep what has arrived, or ask in other words.',
    model,
  );
}

/** The errors of a server that may be another one: what has no answer says nothing about Ollama. */
export const unknownErrors: ServerErrors = {
  classify: async (failed) => (await import('./classify.ts')).classifyUnknown(failed),
  notJson: (origin, path, cause) =>
    new OllamaProtocolError(
      localizable(
        'What answers at {0} does not look like a server of language models (no JSON for {1}): check the address.',
        origin,
        path,
      ),
      { kind: 'notOllama', cause },
    ),
};

/** The errors of an Ollama server, for the transport. */
export const ollamaErrors: ServerErrors = {
  ...unknownErrors,
  classify: classifyResponse,
  nothingAnswers: (origin) =>
    localizable('Nothing answers at {0}: start Ollama, or check the address.', origin),
};

/** Whether an error of the kind `thinkUnsupported` says that the model cannot think at all, with any value. */
export function cannotThink({ cause }: OllamaError): boolean {
  return /does not support thinking/i.test(String(cause));
}
