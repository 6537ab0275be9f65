import { OllamaProtocolError } from './errors.ts';
import { localizable, type LocalizableMessage } from './message.ts';

/**
 * Longest line in bytes. The longest real line is Ollama's last one, whose `context` array grows with the
 * conversation by about 7 bytes per token, so 16 MiB are more than two million tokens.
 */
export const maxLineBytes = 16 * 1024 * 1024;

/** Bytes that a line counts in addition to its own, so that empty lines are limited too. */
const lineOverhead = 64;

/** Limits what may arrive without completing anything: comments, empty lines, an event without its end. */
export class UnfinishedLines {
  private bytes = 0;

  /** @throws OllamaProtocolError when these lines together exceed {@link maxLineBytes} */
  count(line: string): void {
    this.bytes += line.length + lineOverhead;
    if (this.bytes > maxLineBytes) throw garbled(nothingComplete);
  }

  /** Something was complete. */
  reset(): void {
    this.bytes = 0;
  }
}

/** The character that decoding substitutes for bytes that are not UTF-8. */
export const replacement = '\ufffd';

export const tooLong = localizable(
  'The answer cannot be read (a line is longer than 16 MiB): check what is between CodeWorm and the server, and try again.',
);
const nothingComplete = localizable(
  'The answer cannot be read (16 MiB have arrived without a complete part): check what is between CodeWorm and the server, and try again.',
);
export const notUtf8 = localizable(
  'The answer cannot be read (a line is not UTF-8): check what is between CodeWorm and the server, and try again.',
);
export const notJson = localizable(
  'The answer cannot be read (a line is not JSON): check what is between CodeWorm and the server, and try again.',
);

export function garbled(message: LocalizableMessage): OllamaProtocolError {
  return new OllamaProtocolError(message, { kind: 'garbled' });
}

/** Decodes bytes without copying them. */
export function toText(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString('utf8');
}

/** Decodes a streamed response from arbitrary chunks. */
export interface StreamDecoder {
  /**
   * Decodes the next bytes and delivers what they complete.
   * @throws OllamaProtocolError at the first invalid data
   */
  push(bytes: Uint8Array): void;
  /**
   * Call it when the bytes have ended properly.
   * @throws OllamaProtocolError as `push` does
   */
  end(): void;
}
