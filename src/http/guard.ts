/**
 * What the user has decided about servers, asked before every request and told of every prompt. It stands at the
 * one place that everything passes on its way out, so that no call can forget to ask.
 */
export interface Guard {
  /** Whether the user lets anything go to this origin; while not, not even a connection is made. */
  mayContact(origin: string): boolean;
  /** The key that belongs to this origin and to no other, sent as `Authorization: Bearer`. */
  apiKey(origin: string): Promise<string | undefined>;
  /** A prompt is on its way to this origin. */
  promptSent(origin: string): void;
}

/** For whoever makes a client without one: nothing is forbidden, and nothing counted. */
export const noGuard: Guard = {
  mayContact: () => true,
  apiKey: () => Promise.resolve(undefined),
  promptSent: () => undefined,
};
