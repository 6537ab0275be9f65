/**
 * What the user has decided about servers, asked before every request and told of every prompt, in the one place that
 * everything passes on its way out. An address is the origin of a server and the path below which its API is, without a
 * slash at its end: two paths of one gateway are two servers.
 */
export interface Guard {
  /** Whether the user lets anything go to this address; while not, not even a connection is made. */
  mayContact(address: string): boolean;
  /** The key that belongs to this address and to no other, sent as `Authorization: Bearer`. */
  apiKey(address: string): Promise<string | undefined>;
  /** A prompt is on its way to this address. */
  promptSent(address: string): void;
}

/** For a client that is made without one: nothing is forbidden, and nothing counted. */
export const noGuard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};
