/**
 * The user's decisions about servers. Asked before every request and informed about every prompt, by the one
 * function that all requests pass. An address is a server's origin plus the path of its API without a trailing
 * slash: two paths of one gateway are two servers.
 */
export interface Guard {
  /** Whether the user allows requests to this address. If not, no connection is made. */
  mayContact(address: string): boolean;
  /** The key for this address only, sent as `Authorization: Bearer`. */
  apiKey(address: string): Promise<string | undefined>;
  /**
   * Called when a prompt is sent to this address.
   * @param askedBy who sent it, if it is not a command of the user
   */
  promptSent(address: string, askedBy?: string): void;
}

/** For a client without a guard: permits everything and records nothing. */
export const noGuard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};
