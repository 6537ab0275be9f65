import { OllamaError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';

/**
 * The oldest version that respects `truncate: false`. Older ones silently drop the beginning of a long
 * prompt.
 */
const oldestVersion = '0.12.6';

/**
 * The error for an unsupported version; `undefined` for a supported one. An unreadable version counts as new,
 * and so does 0.0.0, which is a developer's build.
 */
export function outdatedServer(version: string, origin: string): OllamaError | undefined {
  if (!isOutdated(version)) return undefined;
  const message = localizable(
    'Ollama {0} at {1} is too old for CodeWorm: update it to {2} or newer.',
    version,
    origin,
    oldestVersion,
  );
  return new OllamaError(message, { kind: 'tooOld' });
}

function isOutdated(version: string): boolean {
  const numbers = numbersOf(version);
  if (!numbers || numbers.every((number) => number === 0)) return false;
  const oldest = numbersOf(oldestVersion)!;
  const different = oldest.findIndex((number, index) => numbers[index] !== number);
  return different >= 0 && numbers[different]! < oldest[different]!;
}

function numbersOf(version: string): number[] | undefined {
  return /^v?(\d+)\.(\d+)\.(\d+)(?![\d.])/.exec(version)?.slice(1).map(Number);
}

/** The version of the server, once it has reported one. */
export class ServerVersion {
  private readonly ask: (signal: AbortSignal) => Promise<string>;
  private readonly origin: string;
  private version: string | undefined;

  /** @param ask requests the version */
  constructor(origin: string, ask: (signal: AbortSignal) => Promise<string>) {
    this.origin = origin;
    this.ask = ask;
  }

  /** Requests the version now. */
  async fresh(signal: AbortSignal): Promise<string> {
    this.version = await this.ask(signal);
    return this.version;
  }

  /**
   * A server that does not report its version counts as new. One that was too old is asked again, because it
   * may have been updated.
   * @param mayAsk whether the version may be requested for the first time
   * @throws OllamaError (kind `tooOld`); the signal's reason when it aborts
   */
  async assertSupported(signal: AbortSignal, mayAsk: boolean): Promise<void> {
    if (this.version === undefined ? mayAsk : isOutdated(this.version))
      await this.fresh(signal).catch((error: unknown) => {
        signal.throwIfAborted();
        // A refusal would be repeated.
        if (error instanceof OllamaError && error.status !== undefined) this.version = '';
      });
    const error = this.problem;
    if (error) throw error;
  }

  /** Whether the server has reported a version. */
  get isKnown(): boolean {
    return this.version !== undefined && this.version !== '';
  }

  /** The error for the reported version; `undefined` when it is supported. */
  get problem(): OllamaError | undefined {
    return outdatedServer(this.version ?? '', this.origin);
  }
}
