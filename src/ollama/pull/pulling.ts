import { classify } from '../errors/classify.ts';
import { OllamaProtocolError, type OllamaError } from '../../http/errors.ts';
import { cut } from '../../http/networkErrors.ts';
import { strangeLine } from '../generation.ts';
import { NdjsonDecoder } from '../../http/ndjson.ts';
import { PullTally, type PullProgress } from './pull.ts';
import { readLines } from '../../http/readLines.ts';
import { sentence } from '../../http/message.ts';
import type { Transport } from '../../http/transport.ts';
import { readPullLine, type WirePullLine } from '../api/wire.ts';

const path = '/api/pull';

/** What one pull works with. */
export interface PullingParts {
  transport: Transport;
  model: string;
  onProgress: (progress: PullProgress) => void;
  signal: AbortSignal;
}

/** One pull of a model, from connecting to the line that says `success`. */
export class Pulling {
  private readonly parts: PullingParts;
  private readonly tally = new PullTally();
  private readonly decoder = new NdjsonDecoder((value) => this.readValue(value));
  private succeeded = false;

  constructor(parts: PullingParts) {
    this.parts = parts;
  }

  /** @throws OllamaError; what `onProgress` throws; the signal's reason when it aborts */
  async run(): Promise<void> {
    const { transport, model, signal } = this.parts;
    const json = { model, stream: true };
    const answer = await transport.send({ method: 'POST', path, json, signal, model });
    try {
      await readLines(answer.body, {
        decoder: this.decoder,
        complete: () => this.succeeded,
        signal,
        broken: (cause) => this.broken(cause),
      });
    } finally {
      answer.stop();
    }
  }

  private readValue(value: unknown): void {
    // One packet may have many lines, and the first of them made the user cancel.
    if (this.succeeded || this.parts.signal.aborted) return;
    const line = readPullLine(value);
    if (!line) throw strangeLine();
    if (line.error !== undefined) throw this.errorLine(line.error);
    if (line.status === 'success') this.succeeded = true;
    else this.tell(line);
  }

  private tell(line: WirePullLine): void {
    this.parts.onProgress(this.tally.take(line));
  }

  private errorLine(body: string): OllamaError {
    const { transport, model } = this.parts;
    return classify({ status: undefined, body, origin: transport.origin, path, model });
  }

  private broken(cause?: unknown): OllamaError {
    const { transport, model } = this.parts;
    const error = cut(transport.origin, cause);
    if (error.kind !== 'cut') return error;
    const message = sentence(
      'Pulling the model "{0}" broke off before its end: pull it again, it goes on where it stopped.',
      model,
    );
    return new OllamaProtocolError(message, { kind: 'cut', cause });
  }
}
