import type { GenerateRequest } from '../../http/client/generation.ts';
import { noGuard } from '../../http/guard.ts';
import { isFields } from '../../http/json.ts';
import { requestBody } from '../api/requestBody.ts';
import { remoteHostOf } from '../modelName.ts';
import type { ClientContext } from './context.ts';

/**
 * The text that the model would be given (`_debug_render_only`, since Ollama 0.11.5); `undefined` when the server does
 * not show it.
 * @throws OllamaError; the signal's reason when it aborts
 */
export async function renderedPrompt(
  { models, settings, transport, guard, thinkSupport }: ClientContext,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { model, addresses } = await models.permitted(signal, request.model);
  // Another server behind this one may ignore the field, and answer.
  if (addresses.length > 1 || remoteHostOf(model)) return undefined;
  const think = thinkSupport.valueFor(transport.origin, model, request.think);
  // A server that ignores the field writes one token only.
  const body = requestBody(settings, { ...request, think, maxTokens: 1 }, model, models.numCtxFor(model));
  const answer = await transport.json({
    method: 'POST',
    path: '/api/chat',
    json: { ...body, stream: false, _debug_render_only: true },
    model,
    // Without a time limit: if the model is not loaded any more, this loads it for the answer.
    signal,
    onConnected: () => {
      if (guard !== noGuard) guard.promptSent(transport.address, request.askedBy);
    },
  });
  const info = isFields(answer) ? answer['_debug_info'] : undefined;
  const text = isFields(info) ? info['rendered_template'] : undefined;
  return typeof text === 'string' ? text : undefined;
}
