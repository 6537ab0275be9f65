import { OllamaConnectionError } from './errors.ts';
import { localizable } from './message.ts';

/** The lifetime of a call: until the caller's signal aborts, its reader leaves, or the client is closed. */
export class AbortScope {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly scopes: Set<AbortScope>;
  private readonly onAbort: ((reason: unknown) => void) | undefined;

  /**
   * @param scopes the client's running calls; includes this one until it ends
   * @param onAbort called with the reason after all listeners of the signal
   */
  constructor(scopes: Set<AbortScope>, outer?: AbortSignal, onAbort?: (reason: unknown) => void) {
    this.scopes = scopes;
    this.outer = outer;
    this.onAbort = onAbort;
    scopes.add(this);
    if (outer?.aborted) this.onOuterAbort();
    else outer?.addEventListener('abort', this.onOuterAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    if (this.signal.aborted) return;
    this.controller.abort(reason);
    this.onAbort?.(reason);
  }

  end(): void {
    this.scopes.delete(this);
    this.outer?.removeEventListener('abort', this.onOuterAbort);
  }

  private readonly onOuterAbort = (): void => this.abort(this.outer?.reason);
}

/** Abort reason when a stream's reader has left. Nobody sees it. */
export const left = new OllamaConnectionError(localizable('The reader has left the stream.'), {
  kind: 'closed',
});

/** The abort reason of a closed client. */
export function closed(origin: string): OllamaConnectionError {
  return new OllamaConnectionError(
    localizable('The client for {0} was closed before the answer was whole: ask again.', origin),
    { kind: 'closed' },
  );
}
