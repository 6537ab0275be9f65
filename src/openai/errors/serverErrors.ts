import { OllamaProtocolError, type OllamaError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';
import type { FailedResponse, ServerErrors } from '../../http/transport.ts';
import { classify } from './classify.ts';

/** The error for an unsuccessful response. */
export async function classifyResponse(answer: FailedResponse): Promise<OllamaError> {
  return classify(answer);
}

/** The errors of OpenAI-compatible servers, for the transport. */
export const openAIErrors: ServerErrors = {
  classify: classifyResponse,
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
