import { OllamaTimeoutError, systemErrorCode, type OllamaError } from '../ollama/index.ts';
import type { ServerSeen } from './server.ts';

/** The result of probing an address. `verdict.ts` has the words for it. */
export type ProbeOutcome =
  | { kind: 'working'; server: ServerSeen }
  /** Nothing listens there. */
  | { kind: 'refused' }
  /** No connection within the time limit, or no data on it; `hasBegun`: not all of an answer. */
  | { kind: 'silent'; accepted: boolean; hasBegun?: boolean }
  | { kind: 'unknownHost' }
  /** There is no network route. */
  | { kind: 'noRoute'; code: string }
  /** The server closed the connection before it answered. */
  | { kind: 'hungUp' }
  /** An answer that is not Ollama's. */
  | { kind: 'foreignService' }
  /** Status 403. */
  | { kind: 'forbidden' }
  /** Status 401. `sent`: whether the request had a key. */
  | { kind: 'keyMissing'; sent: boolean }
  /**
   * A proxy that failed, requires authentication, or answered instead of the server; `proxy` if it is known.
   */
  | { kind: 'proxy'; proxy: string }
  | { kind: 'certificate'; problem: 'authority' | 'name' | 'date'; code: string }
  /** https to a port without TLS. */
  | { kind: 'notTls' }
  /** A gateway whose server is missing or too slow. */
  | { kind: 'gateway'; status: number }
  /** A redirect. `to` is empty when the target is unreadable or a loop. */
  | { kind: 'redirected'; to: string }
  /** The user has not approved the address. */
  | { kind: 'notApproved' }
  /** The address or another setting is invalid; `setting` is its name. */
  | { kind: 'unusable'; setting: string }
  | { kind: 'otherError'; error: OllamaError };

/** Facts about the failed request. */
export interface Asked {
  /** `host:port` of the proxy it went through, as far as the settings show it. */
  proxy: string | undefined;
  /** Whether it had a key. */
  key: boolean;
}

/**
 * The outcome for an error. An exhaustive switch, so that a new kind of error does not compile without a
 * decision.
 */
export function toProbeOutcome(error: OllamaError, asked: Asked): ProbeOutcome {
  switch (error.kind) {
    case 'unreachable':
      return unreachable(error);
    case 'connectTimeout':
      return { kind: 'silent', accepted: false };
    case 'idleTimeout':
      return {
        kind: 'silent',
        accepted: true,
        hasBegun: error instanceof OllamaTimeoutError && error.hasBegun,
      };
    case 'certificate':
      return certificate(systemErrorCode(error.cause));
    case 'proxy':
      return { kind: 'proxy', proxy: asked.proxy ?? '' };
    case 'unauthorized':
      return { kind: 'keyMissing', sent: asked.key };
    case 'forbidden':
      // Ollama's own 403 has no body; a proxy that refuses explains it at length.
      return answeredByProxy(asked, error.cause !== undefined) ?? { kind: 'forbidden' };
    case 'gateway':
    case 'gatewayTimeout':
      return answeredByProxy(asked) ?? { kind: 'gateway', status: error.status ?? 0 };
    case 'notOllama':
    case 'garbled':
    case 'cut':
      return answeredByProxy(asked) ?? { kind: 'foreignService' };
    case 'redirected':
      return { kind: 'redirected', to: redirectTarget(error) };
    case 'notApproved':
      return { kind: 'notApproved' };
    case 'settings':
      return { kind: 'unusable', setting: 'setting' in error ? String(error.setting) : '' };
    case 'busy':
    case 'badRequest':
    case 'closed':
    case 'loadTimeout':
    case 'modelNotFound':
    case 'noModel':
    case 'outOfMemory':
    case 'runnerDied':
    case 'damagedModel':
    case 'contextExceeded':
    case 'signIn':
    case 'quota':
    case 'subscription':
    case 'cloudDisabled':
    case 'cloudOffline':
    case 'repeated':
    case 'unparsable':
    case 'thinkUnsupported':
    case 'toolCallsOnly':
    case 'thinkingOnly':
    case 'notGenerated':
    case 'emptyAnswer':
    case 'unsupported':
    case 'diskFull':
    case 'pullDamaged':
    case 'pullOffline':
    case 'pullRefused':
    case 'pullUnknown':
    case 'tooOld':
    case 'server':
      return { kind: 'otherError', error };
  }
}

function unreachable(error: OllamaError): ProbeOutcome {
  const code = systemErrorCode(error.cause);
  if (code === 'ECONNREFUSED') return { kind: 'refused' };
  if (/^(?:ENOTFOUND|EAI_\w+|ENODATA)$/.test(code)) return { kind: 'unknownHost' };
  if (/^(?:EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EAFNOSUPPORT|EINVAL)$/.test(code))
    return { kind: 'noRoute', code };
  if (/^(?:ECONNRESET|ECONNABORTED|EPIPE|HPE_INVALID_EOF_STATE|UND_ERR_SOCKET)$/.test(code))
    return { kind: 'hungUp' };
  return { kind: 'otherError', error };
}

function certificate(code: string): ProbeOutcome {
  if (/^(?:EPROTO|ERR_SSL_(?!\w*CERT))/.test(code)) return { kind: 'notTls' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { kind: 'certificate', problem: 'name', code };
  const date = code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
  return { kind: 'certificate', problem: date ? 'date' : 'authority', code };
}

function answeredByProxy({ proxy }: Asked, likely = true): ProbeOutcome | undefined {
  return proxy !== undefined && likely ? { kind: 'proxy', proxy } : undefined;
}

/** The message of a redirect to another origin has it as its second argument; others have none. */
function redirectTarget({ localizableMessage: { args } }: OllamaError): string {
  return String(args[1] ?? '');
}
