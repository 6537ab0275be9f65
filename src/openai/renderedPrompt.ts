import type { GenerateRequest } from '../http/client/generation.ts';
import { isFields } from '../http/json.ts';
import type { ClientContext } from './context.ts';
import { wireOf } from './requestSending.ts';

/** Time limit in milliseconds: a template is applied at once. */
const renderingMs = 5000;

/**
 * The text that llama-server would give its model (`/apply-template`), a last answer included ("Prefilling of assistant
 * messages" in its documentation, which can be switched off); `undefined` for other servers, which do not show it.
 * @throws OllamaError; the signal's reason when it aborts
 */
export async function renderedPrompt(
  context: ClientContext,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { models, transport, guard } = context;
  const model = await models.permitted(signal, request.model);
  if (!models.isLlamaServer) return undefined;
  const { body } = wireOf(context, request, { model, maxTokens: 0 });
  const answer = await transport.json({
    method: 'POST',
    path: '/apply-template',
    json: body,
    signal,
    model,
    totalMs: renderingMs,
    onConnected: () => guard.promptSent(transport.address, request.askedBy),
  });
  const text = isFields(answer) ? answer['prompt'] : undefined;
  return typeof text === 'string' ? text : undefined;
}
