import { classifyResponse } from '../errors/serverErrors.ts';
import { OllamaModelNotFoundError, OllamaProtocolError, type OllamaError } from '../../http/errors.ts';
import { cutStreamError } from '../../http/networkErrors.ts';
import { unreadableLine } from '../generate/result.ts';
import { NdjsonDecoder } from '../../http/ndjson.ts';
import type { PullProgress } from '../../http/client/models.ts';
import { PullProgressTracker } from './pull.ts';
import { readLines } from '../../http/readLines.ts';
import { localizable } from '../../http/message.ts';
import type { Transport } from '../../http/transport.ts';
import { readPullLine, type WirePullLine } from '../api/wire.ts';

const path = '/api/pull';

/** What a pull works with. */
export interface ModelPullDependencies {
  transport: Transport;
  model: string;
  onProgress: (progress: PullProgress) => void;
  signal: AbortSignal;
}

/** One pull of a model, from connecting to the line with `success`. */
export class ModelPull {
  private readonly dependencies: ModelPullDependencies;
  private readonly tally = new PullProgressTracker();
  private readonly decoder = new NdjsonDecoder((value) => this.readValue(value));
  private succeeded = false;
  /** Text of an error line. */
  private errorText: string | undefined;

  constructor(dependencies: ModelPullDependencies) {
    this.dependencies = dependencies;
  }

  /** @throws OllamaError; what `onProgress` throws; the signal's reason when it aborts */
  async run(): Promise<void> {
    const { transport, model, signal } = this.dependencies;
    const json = { model, stream: true };
    const response = await transport.send({ method: 'POST', path, json, signal, model });
    try {
      await readLines(response.body, {
        decoder: this.decoder,
        complete: () => this.succeeded || this.errorText !== undefined,
        signal,
        broken: (cause) => this.broken(cause),
      });
    } finally {
      response.stop();
    }
    if (this.errorText !== undefined) throw await this.errorLine(this.errorText);
  }

  private readValue(value: unknown): void {
    // One packet may contain many lines, and the first of them may have made the user cancel.
    if (this.succeeded || this.errorText !== undefined || this.dependencies.signal.aborted) return;
    const line = readPullLine(value);
    if (!line) throw unreadableLine();
    if (line.error !== undefined) this.errorText = line.error;
    else if (line.status === 'success') this.succeeded = true;
    else this.report(line);
  }

  private report(line: WirePullLine): void {
    this.dependencies.onProgress(this.tally.take(line));
  }

  private errorLine(text: string): Promise<OllamaError> {
    const { transport, model } = this.dependencies;
    const body = transport.secrets.text(text);
    return classifyResponse({ status: undefined, body, origin: transport.origin, path, model });
  }

  private broken(cause?: unknown): OllamaError {
    const { transport, model } = this.dependencies;
    const error = cutStreamError(transport.origin, cause);
    if (error.kind !== 'cut') return error;
    const message = localizable(
      'Pulling the model "{0}" broke off before its end: pull it again, it continues where it stopped.',
      model,
    );
    return new OllamaProtocolError(message, { kind: 'cut', cause });
  }
}

/** The error for an invalid name. */
export function notAName(model: string): OllamaModelNotFoundError {
  const message = localizable(
    '"{0}" is not the name of a model: it has letters without accents, digits and the characters . _ / : - only.',
    model,
  );
  return new OllamaModelNotFoundError(message, model, { kind: 'pullUnknown' });
}
