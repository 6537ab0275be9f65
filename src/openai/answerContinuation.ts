import type { GenerateRequest } from '../http/client/generation.ts';
import { isFields } from '../http/json.ts';
import type { ClientContext } from './context.ts';
import { wireOf } from './requestSending.ts';

/** Time limit in milliseconds: a template is applied at once. */
const renderingMs = 5000;

/**
 * Whether llama-server would give its model exactly what it had before it was interrupted: the prompt, followed by the
 * partial answer that is the last message ("Prefilling of assistant messages" in its documentation, which can be switched
 * off). `/apply-template` shows the text, with the answer and without it. No other server shows it.
 * @throws the signal's reason when it aborts
 */
export async function continuesAnswer(
  context: ClientContext,
  request: GenerateRequest,
  signal: AbortSignal,
): Promise<boolean> {
  const { messages = [] } = request;
  const answer = messages.at(-1);
  const before = messages.slice(0, -1);
  if (answer?.role !== 'assistant' || before.length === 0) return false;
  try {
    const whole = await rendered(context, request, signal);
    if (whole === undefined || !whole.endsWith(answer.content)) return false;
    const start = await rendered(context, { ...request, messages: before }, signal);
    return start !== undefined && whole === start + answer.content;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

/** The text that the model would be given; `undefined` when the server does not show it. */
async function rendered(
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
