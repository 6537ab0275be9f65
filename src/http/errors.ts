import { inEnglish, localizable, type LocalizableMessage } from './message.ts';

/**
 * The kind of an error, more specific than its class. It decides which actions the user is offered and
 * whether a retry can help. With this list, no other code needs to match error texts.
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

/** Optional details of an error. */
export interface ErrorDetails {
  /**
   * Whether the server has fixed its models and their context window, so that the client cannot change them.
   */
  isFixedServer?: boolean;
  kind?: ErrorKind;
  /** The HTTP status, if a response arrived. */
  status?: number | undefined;
  cause?: unknown;
  /** How long the server asked to wait before a retry, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The server's own message on one line, if it says more than ours. */
  serverText?: string | undefined;
  /** A page of ollama.com that helps, such as a page for signing in. */
  link?: string | undefined;
}

/**
 * Base class of all errors of this client, except the reason of an aborted signal. The message is one
 * sentence for users: what happened and what to do.
 */
export class OllamaError extends Error {
  override readonly name: string = 'OllamaError';
  readonly kind: ErrorKind;
  /**
   * Whether the server has fixed its models and their context window, so that the client cannot change them.
   */
  readonly isFixedServer: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** A page of ollama.com that helps, such as a page for signing in. */
  readonly link?: string;
  /** The message in a form that can be localized. */
  readonly localizableMessage: LocalizableMessage;
  /** The text received before the error, up to the last complete line. Never discarded by this client. */
  partialText = '';

  /** @param message a string needs no translation, or is translated already */
  constructor(message: string | LocalizableMessage, details: ErrorDetails = {}) {
    const sentence = typeof message === 'string' ? { template: '{0}', args: [message] } : message;
    const { serverText, cause } = details;
    const whole = serverText === undefined ? sentence : { ...sentence, serverText };
    super(inEnglish(whole), cause === undefined ? undefined : { cause });
    this.localizableMessage = whole;
    this.kind = details.kind ?? 'server';
    this.isFixedServer = details.isFixedServer ?? false;
    if (details.status !== undefined) this.status = details.status;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
    if (details.link !== undefined) this.link = details.link;
  }
}

/**
 * No usable connection: refused, unknown host, reset, certificate, a gateway without its server, a closed
 * client.
 */
export class OllamaConnectionError extends OllamaError {
  override readonly name = 'OllamaConnectionError';
}

/** A time limit was reached: ours (connecting, silence) or the server's (loading the model). */
export class OllamaTimeoutError extends OllamaError {
  override readonly name = 'OllamaTimeoutError';
  /** Whether some of the response had arrived. */
  readonly hasBegun: boolean;

  constructor(message: string | LocalizableMessage, details: ErrorDetails & { hasBegun?: boolean } = {}) {
    super(message, details);
    this.hasBegun = details.hasBegun ?? false;
  }
}

/** The model could not run: out of memory, a terminated runner, a damaged file. */
export class OllamaModelError extends OllamaError {
  override readonly name: string = 'OllamaModelError';
}

/** The server does not have the model, or has no model at all. For a pull: the registry does not have it. */
export class OllamaModelNotFoundError extends OllamaModelError {
  override readonly name = 'OllamaModelNotFoundError';
  /** Name of the requested model; empty when the server has none at all. */
  readonly model: string;

  constructor(message: string | LocalizableMessage, model: string, details: ErrorDetails = {}) {
    super(message, { kind: 'modelNotFound', ...details });
    this.model = model;
  }
}

/** The prompt does not fit the context window. */
export class OllamaContextError extends OllamaError {
  override readonly name = 'OllamaContextError';
  /** Length of the prompt in tokens; 0 when the server does not report it. */
  readonly promptTokens: number;
  /** Size of the context window in tokens; 0 when the server does not report it. */
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

/** The response is not what Ollama sends: incomplete, unreadable, or from another program. */
export class OllamaProtocolError extends OllamaError {
  override readonly name = 'OllamaProtocolError';
}

/** The user has not approved the server of the request. Nothing was sent; there was not even a connection. */
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

/** A setting is invalid. Thrown by the client's constructor, before anything is sent. */
export class OllamaSettingsError extends OllamaError {
  override readonly name = 'OllamaSettingsError';
  /** Name of the setting in `OllamaSettings`. */
  readonly setting: string;
  /** The predicate of the sentence about the setting, such as "must be a number". */
  readonly problem: LocalizableMessage;

  constructor(setting: string, problem: LocalizableMessage) {
    super(`The setting "${setting}" ${inEnglish(problem)}.`, { kind: 'settings' });
    this.setting = setting;
    this.problem = problem;
  }
}
