import { isFields } from './json.ts';
import { OllamaConnectionError, OllamaError, OllamaProtocolError, OllamaTimeoutError } from './errors.ts';
import { proxyFailure } from './proxyErrors.ts';
import { localizable, type LocalizableMessage } from './message.ts';

/** The error for a failure of `fetch` or of a body: how the connection failed. */
export function classifyNetworkError(
  failure: unknown,
  origin: string,
  nothingAnswers = nobodyAnswers,
): OllamaError {
  if (failure instanceof OllamaError) return failure;
  const ofProxy = proxyFailure(failure, origin);
  if (ofProxy) return ofProxy;
  const code = codeOf(failure);
  const details = { cause: failure };
  if (/^(?:ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(code))
    return new OllamaTimeoutError(
      localizable(
        '{0} cannot be reached (the connection timed out): check the address and the network.',
        origin,
      ),
      { ...details, kind: 'connectTimeout' },
    );
  if (/^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/.test(code))
    return new OllamaTimeoutError(
      localizable('{0} has been silent for too long: check what it is doing.', origin),
      {
        ...details,
        kind: 'idleTimeout',
      },
    );
  if (
    /^HPE_(?!INVALID_EOF_STATE)|ERR_INVALID_(?:HTTP|CHAR)|^UND_ERR_(?:HEADERS_OVERFLOW|RES_)/.test(code) ||
    isParserError(failure)
  )
    return notHttp(origin, failure);
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/.test(code))
    return new OllamaConnectionError(
      localizable(
        "The certificate of {0} is not trusted ({1}): add its certificate authority to the system's, or check the address.",
        origin,
        code,
      ),
      { ...details, kind: 'certificate' },
    );
  if (/^(?:EPROTO|ERR_SSL_)/.test(code))
    return new OllamaConnectionError(
      localizable('{0} does not speak TLS: use http:// instead of https://, or check the port.', origin),
      { ...details, kind: 'certificate' },
    );
  const sentence = code === 'ECONNREFUSED' ? nothingAnswers(origin) : unreachableSentence(code, origin);
  return new OllamaConnectionError(sentence, { ...details, kind: 'unreachable' });
}

/** The error for bytes that are no response of HTTP. */
export function notHttp(origin: string, cause?: unknown): OllamaProtocolError {
  return new OllamaProtocolError(
    localizable('What answers at {0} does not speak HTTP properly: check the address.', origin),
    { kind: 'notOllama', cause },
  );
}

/** The built-in `fetch` does not always give its parser's errors a code. */
function isParserError(failure: unknown): boolean {
  return (
    failure instanceof Error && failure.cause instanceof Error && failure.cause.name === 'HTTPParserError'
  );
}

/** The error for a body that ended too early or cannot be decompressed. */
export function cutStreamError(origin: string, cause?: unknown): OllamaProtocolError {
  if (/^Z_(?!BUF_ERROR)|^ERR_BROTLI|^ERR_ZSTD/.test(codeOf(cause))) {
    const message = localizable(
      'The answer from {0} is compressed and damaged: check what is between CodeWorm and the server, and try again.',
      origin,
    );
    return new OllamaProtocolError(message, { kind: 'garbled', cause });
  }
  const message = localizable(
    'The answer from {0} broke off before its end: keep what has arrived, or ask again.',
    origin,
  );
  return new OllamaProtocolError(message, { kind: 'cut', cause });
}

function nobodyAnswers(origin: string): LocalizableMessage {
  return localizable('Nothing answers at {0}: start the server, or check the address.', origin);
}

function unreachableSentence(code: string, origin: string): LocalizableMessage {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return localizable('The host of {0} is not known: check the address and the network.', origin);
  if (/^(?:ECONNRESET|ECONNABORTED|EPIPE|HPE_INVALID_EOF_STATE|UND_ERR_SOCKET)$/.test(code))
    return localizable(
      "The server at {0} closed the connection before it answered: try again, and check the server's log.",
      origin,
    );
  return code
    ? localizable('{0} cannot be reached ({1}): check the address and the network.', origin, code)
    : localizable('{0} cannot be reached: check the address and the network.', origin);
}

/** The system's error code, wherever `fetch`, Node or "happy eyeballs" have put it. */
export function codeOf(failure: unknown): string {
  for (let error = failure, depth = 0; isFields(error) && depth < 5; depth++) {
    if (typeof error['code'] === 'string') return error['code'];
    const inner: unknown = Array.isArray(error['errors']) ? error['errors'][0] : error['cause'];
    error = inner;
  }
  return failure instanceof Error && failure.message.includes('socket hang up') ? 'ECONNRESET' : '';
}
