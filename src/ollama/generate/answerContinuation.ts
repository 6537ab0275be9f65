import type { GenerateRequest } from '../../http/client/generation.ts';
import { noGuard } from '../../http/guard.ts';
import { isFields } from '../../http/json.ts';
import { requestBody } from '../api/requestBody.ts';
import { remoteHostOf } from '../modelName.ts';
import type { ClientContext } from './context.ts';

/**
 * Whether the server would give a model exactly what it had before it was interrupted: the prompt, followed by the
 * partial answer that is the last message. Most templates leave a last answer open, but some end it, or change its
 * text. So the server is asked for the text that it would give to the model, with the answer and without it
 * (`_debug_render_only`, since Ollama 0.11.5).
 * @throws the signal's reason when it aborts
 */
export async function continuesAnswer(
  context: ClientContext,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { messages = [], ...others } = request;
  const answer = messages.at(-1);
  const before = messages.slice(0, -1);
  if (answer?.role !== 'assistant' || before.length === 0) return false;
  try {
    const whole = await rendered(context, request, signal);
    if (whole === undefined || !whole.endsWith(answer.content)) return false;
    const start = await rendered(context, { ...others, messages: before }, signal);
    return start !== undefined && whole === start + answer.content;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** The text that the model would be given; `undefined` when the server does not show it. */
async function rendered(
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
