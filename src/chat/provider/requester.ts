/** Who asks a model. */
export interface Requester {
  /** `core`, or the id of an extension; `undefined` if VS Code does not report it. */
  id: string | undefined;
  /** Whether the user has asked in VS Code's own chat, so that a dialog may be shown. */
  isUser: boolean;
}

/** VS Code itself, the extensions of its chat, and this extension. */
const ofUser = /^(?:core|github\.copilot(?:-chat)?|vscode\.[\w-]+|codeworm\.codeworm)$/i;
/** An id has a publisher and a name. */
const plainId = /^(?:core|[\w-]{1,80}\.[\w.-]{1,80})$/;

/** Reads the private field with which newer versions of VS Code report who asks. */
export function requesterOf(options: object): Requester {
  const id = 'requestInitiator' in options ? options.requestInitiator : undefined;
  if (typeof id !== 'string' || !plainId.test(id)) return { id: undefined, isUser: id === undefined };
  return { id: id.toLowerCase(), isUser: ofUser.test(id) };
}
