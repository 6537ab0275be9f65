/**
 * Whether the text typed since a request agrees with the model's text so far, so that the request is still
 * useful. What the model has not written yet may still agree.
 */
export function agrees(runningText: string, typed: string): boolean {
  const [running, own] = [runningText, typed].map((text) => text.replaceAll('\r\n', '\n'));
  return running!.startsWith(own!) || own!.startsWith(running!);
}
