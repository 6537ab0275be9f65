import { OllamaError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';

/** The oldest version that heeds `truncate: false`; those before it drop the beginning of a long prompt silently. */
const oldestVersion = '0.12.6';

/**
 * What is wrong with a server of a version; `undefined` when nothing is. What cannot be read as a version counts as new,
 * and so does 0.0.0, as developers' builds call themselves.
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

/** Which version the server has, as far as it has told. */
export class ServerVersion {
  private readonly ask: (signal: AbortSignal) => Promise<string>;
  private readonly origin: string;
  private version: string | undefined;

  /** @param ask asks the server */
  constructor(origin: string, ask: (signal: AbortSignal) => Promise<string>) {
    this.origin = origin;
    this.ask = ask;
  }

  /** Asks now. */
  async fresh(signal: AbortSignal): Promise<string> {
    this.version = await this.ask(signal);
    return this.version;
  }

  /**
   * A server that does not tell its version counts as new; one that was too old is asked again, for it may have been
   * updated.
   * @param mayAsk whether it may be asked for the first time
   * @throws OllamaError (kind `tooOld`); the signal's reason when it aborts
   */
  async assertSupported(signal: AbortSignal, mayAsk: boolean): Promise<void> {
    if (this.version === undefined ? mayAsk : isOutdated(this.version))
      await this.fresh(signal).catch((error: unknown) => {
        signal.throwIfAborted();
        // What the server has answered, it would answer again.
        if (error instanceof OllamaError && error.status !== undefined) this.version = '';
      });
    const error = this.problem;
    if (error) throw error;
  }

  /** What is wrong with the version that the server has told; `undefined` when nothing is. */
  get problem(): OllamaError | undefined {
    return outdatedServer(this.version ?? '', this.origin);
  }
}
