/**
 * Whether what has been typed since a request was made agrees with what the model has written so far, so that the
 * request is worth keeping. What the model has not come to yet may still turn out the same.
 */
export function agrees(runningText: string, typed: string): boolean {
  const [running, own] = [runningText, typed].map((text) => text.replaceAll('\r\n', '\n'));
  return running!.startsWith(own!) || own!.startsWith(running!);
}
