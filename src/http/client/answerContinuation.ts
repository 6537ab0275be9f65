import type { GenerateRequest } from './generation.ts';

/** The text that a server would give to a model for a request; `undefined` when the server does not show it. */
export type Render = (request: GenerateRequest) => Promise<string | undefined>;

/**
 * Whether a server would give a model exactly what it had before it was interrupted: the prompt, followed by the
 * partial answer that is the last message. Most templates leave a last answer open, but some end it, or change its
 * text. So both texts are compared: with the answer and without it.
 * @throws the signal's reason when it aborts
 */
export async function continuesAnswer(
  request: GenerateRequest,
  signal: AbortSignal,
  render: Render,
): Promise<boolean> {
  const { messages = [], ...others } = request;
  const answer = messages.at(-1);
  const before = messages.slice(0, -1);
  if (answer?.role !== 'assistant' || before.length === 0) return false;
  try {
    const whole = await render(request);
    if (whole === undefined || !whole.endsWith(answer.content)) return false;
    const start = await render({ ...others, messages: before });
    return start !== undefined && whole === start + answer.content;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
