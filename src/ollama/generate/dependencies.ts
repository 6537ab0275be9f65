import type { CommonDependencies } from '../../http/client/dependencies.ts';
import type { OwnWindows } from './contextWindows.ts';
import type { ThinkSupport } from './thinkSupport.ts';

/** Optional dependencies of a client. With a guard, a prompt is sent only to a model in the server's list. */
export interface ClientDependencies extends CommonDependencies {
  /** Shared by the successive clients of one program. */
  ownWindows?: OwnWindows;
  /** Shared by successive clients. */
  thinkSupport?: ThinkSupport;
  /** Whether the address may be that of another server. Until it has answered as Ollama, no text names Ollama. */
  isUnknownServer?: boolean;
  /**
   * Whether only requests refuse a configured name that no model of Ollama has: the address may turn out to be that of
   * another server, which has such models.
   */
  acceptsAnyName?: boolean;
}
