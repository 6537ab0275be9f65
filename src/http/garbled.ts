import { OllamaProtocolError } from './errors.ts';
import { localizable, type LocalizableMessage } from './message.ts';

/**
 * Longest line in bytes. The longest real line is Ollama's last one, whose `context` array grows with the
 * conversation by about 7 bytes per token, so 16 MiB are more than two million tokens.
 */
export const maxLineBytes = 16 * 1024 * 1024;

/** The character that decoding substitutes for bytes that are not UTF-8. */
export const replacement = '\ufffd';

export const tooLong = localizable(
  'The answer cannot be read (a line is longer than 16 MiB): check what is between CodeWorm and the server, and try again.',
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
