import type { Guard } from '../guard.ts';
import type { Liveness } from '../liveness.ts';
import type { Logger } from '../logger.ts';
import type { Fetch } from '../transport.ts';

/** Optional dependencies of every client. */
export interface CommonDependencies {
  /** Receives log events without any content. */
  log?: Logger;
  /** Replaces node-fetch. */
  fetch?: Fetch;
  /**
   * Decides what may be sent where. With a guard, the server's list of models is requested before a prompt is
   * sent. Without a guard (command line, tests), every request is sent as given.
   */
  guard?: Guard;
  /** How dead connections are detected. Tests use their own clock and times. */
  liveness?: Partial<Liveness>;
  /** Most connections at once; 50 unless given. */
  connections?: number;
}
