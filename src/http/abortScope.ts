import { OllamaConnectionError } from './errors.ts';
import { localizable } from './message.ts';

/** How long a call lives: until its caller's signal aborts, its reader leaves, or the client is closed. */
export class AbortScope {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal | undefined;
  private readonly scopes: Set<AbortScope>;
  private readonly onAbort: ((reason: unknown) => void) | undefined;

  /**
   * @param scopes the client's running calls, among which this one counts until it ends
   * @param onAbort told the reason when everybody who listens to the signal knows it
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

/** Why a stream ends whose reader has left; nobody ever sees it. */
export const left = new OllamaConnectionError(localizable('The reader has left the stream.'), {
  kind: 'closed',
});

/** Why calls end whose client is closed. */
export function closed(origin: string): OllamaConnectionError {
  return new OllamaConnectionError(
    localizable('The client for {0} was closed before the answer was whole: ask again.', origin),
    { kind: 'closed' },
  );
}
