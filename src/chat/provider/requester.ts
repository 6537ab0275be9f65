/** Who asks a model. */
export interface Requester {
  /** `core`, or the id of an extension; `undefined` where VS Code does not tell. */
  id: string | undefined;
  /** VS Code's own chat, where the user has asked: it may ask the user back. */
  isUser: boolean;
}

/** VS Code itself, the extensions that are its chat, and this one. */
const ofUser = /^(?:core|github\.copilot(?:-chat)?|vscode\.[\w-]+|codeworm\.codeworm)$/i;
/** An id has a publisher and a name. */
const plainId = /^(?:core|[\w-]{1,80}\.[\w.-]{1,80})$/;

/** Reads the private field in which newer versions of VS Code say who asks. */
export function requesterOf(options: object): Requester {
  const id = 'requestInitiator' in options ? options.requestInitiator : undefined;
  if (typeof id !== 'string' || !plainId.test(id)) return { id: undefined, isUser: id === undefined };
  return { id: id.toLowerCase(), isUser: ofUser.test(id) };
}
