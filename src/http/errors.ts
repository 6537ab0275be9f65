import { inEnglish, localizable, type LocalizableMessage } from './message.ts';

/**
 * What went wrong, finer than the classes: what a caller offers the user depends on it, and whether a retry
 * can help. One list, so that nobody outside matches texts.
 */
export type ErrorKind =
  | 'unreachable'
  | 'proxy'
  | 'certificate'
  | 'closed'
  | 'connectTimeout'
  | 'idleTimeout'
  | 'loadTimeout'
  | 'gatewayTimeout'
  | 'gateway'
  | 'busy'
  | 'unauthorized'
  | 'signIn'
  | 'forbidden'
  | 'quota'
  | 'subscription'
  | 'cloudDisabled'
  | 'cloudOffline'
  | 'modelNotFound'
  | 'noModel'
  | 'outOfMemory'
  | 'runnerDied'
  | 'damagedModel'
  | 'contextExceeded'
  | 'repeated'
  | 'unparsable'
  | 'toolCallsOnly'
  | 'thinkingOnly'
  | 'notGenerated'
  | 'emptyAnswer'
  | 'unsupported'
  | 'thinkUnsupported'
  | 'pullOffline'
  | 'pullUnknown'
  | 'pullRefused'
  | 'pullDamaged'
  | 'diskFull'
  | 'tooOld'
  | 'badRequest'
  | 'notOllama'
  | 'redirected'
  | 'notApproved'
  | 'cut'
  | 'garbled'
  | 'settings'
  | 'server';

/** What an error carries besides its sentence. */
export interface ErrorDetails {
  kind?: ErrorKind;
  /** The HTTP status, where an answer came. */
  status?: number | undefined;
  cause?: unknown;
  /** How long the server asked to wait before another try, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** What the server said, on one line, where that tells more than the message. */
  serverText?: string | undefined;
  /** A page of ollama.com where the user can do something about it, such as signing in. */
  link?: string | undefined;
}

/**
 * The base of everything this client throws, apart from the reason of an aborted signal. The message is one
 * sentence for people: what happened and what to do.
 */
export class OllamaError extends Error {
  override readonly name: string = 'OllamaError';
  readonly kind: ErrorKind;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** A page of ollama.com where the user can do something about it, such as signing in. */
  readonly link?: string;
  /** What `message` says, for whoever wants to say it in another language. */
  readonly localizableMessage: LocalizableMessage;
  /** The text of the whole lines that had arrived before the failure; never thrown away by this client. */
  partialText = '';

  /** @param message a plain text is one that needs no translation, or has been translated already */
  constructor(message: string | LocalizableMessage, details: ErrorDetails = {}) {
    const sentence = typeof message === 'string' ? { template: '{0}', args: [message] } : message;
    const { serverText, cause } = details;
    const whole = serverText === undefined ? sentence : { ...sentence, serverText };
    super(inEnglish(whole), cause === undefined ? undefined : { cause });
    this.localizableMessage = whole;
    this.kind = details.kind ?? 'server';
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.link !== undefined) this.link = details.link;
  }
}

/** No usable connection: refused, unknown host, reset, certificate, a gateway without its server, a closed client. */
export class OllamaConnectionError extends OllamaError {
  override readonly name = 'OllamaConnectionError';
}

/** A limit of time was reached: ours (connecting, silence) or the server's (loading the model). */
export class OllamaTimeoutError extends OllamaError {
  override readonly name = 'OllamaTimeoutError';
}

/** The model could not run: out of memory, a dead runner, a damaged file. */
export class OllamaModelError extends OllamaError {
  override readonly name: string = 'OllamaModelError';
}

/** The server does not have the model, or has none at all; or a pull that the registry does not have it. */
export class OllamaModelNotFoundError extends OllamaModelError {
  override readonly name = 'OllamaModelNotFoundError';
  /** The model that was asked for; empty when the server has none at all. */
  readonly model: string;

  constructor(message: string | LocalizableMessage, model: string, details: ErrorDetails = {}) {
    super(message, { kind: 'modelNotFound', ...details });
    this.model = model;
  }
}

/** The prompt does not fit the context window. */
export class OllamaContextError extends OllamaError {
  override readonly name = 'OllamaContextError';
  /** Length of the prompt in tokens; 0 where an older server does not say. */
  readonly promptTokens: number;
  /** Size of the window in tokens; 0 where an older server does not say. */
  readonly contextTokens: number;

  constructor(
    message: string | LocalizableMessage,
    promptTokens: number,
    contextTokens: number,
    details: ErrorDetails = {},
  ) {
    super(message, { kind: 'contextExceeded', ...details });
    this.promptTokens = promptTokens;
    this.contextTokens = contextTokens;
  }
}

/** The answer is not what Ollama sends: cut off, garbled, or from another program altogether. */
export class OllamaProtocolError extends OllamaError {
  override readonly name = 'OllamaProtocolError';
}

/** The user has not approved the server that the request would go to; nothing was sent, not even a connection made. */
export class OllamaApprovalError extends OllamaError {
  override readonly name = 'OllamaApprovalError';
  /** Origin and path of that server. */
  readonly address: string;
  /** Scheme, host and port of that server. */
  readonly origin: string;

  constructor(address: string) {
    super(
      localizable('Nothing was sent to {0}: approve this server first, or change the address.', address),
      {
        kind: 'notApproved',
      },
    );
    this.address = address;
    this.origin = URL.canParse(address) ? new URL(address).origin : address;
  }
}

/** A setting cannot be used; thrown by the constructor of the client, before anything is sent. */
export class OllamaSettingsError extends OllamaError {
  override readonly name = 'OllamaSettingsError';
  /** Name of the setting, as in `OllamaSettings`. */
  readonly setting: string;
  /** The rest of the sentence that begins with the setting's name, such as "must be a number". */
  readonly problem: LocalizableMessage;

  constructor(setting: string, problem: LocalizableMessage) {
    super(`The setting "${setting}" ${inEnglish(problem)}.`, { kind: 'settings' });
    this.setting = setting;
    this.problem = problem;
  }
}
