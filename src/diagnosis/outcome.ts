import { systemErrorCode, type OllamaError } from '../ollama/index.ts';
import type { ServerSeen } from './server.ts';

/** What asking an address came to; the words for it are in `verdict.ts`. */
export type ProbeOutcome =
  | { kind: 'working'; server: ServerSeen }
  /** Nothing listens there. */
  | { kind: 'refused' }
  /** No connection within the limit, or one on which nothing came. */
  | { kind: 'silent'; accepted: boolean }
  | { kind: 'unknownHost' }
  /** The system knows no way there. */
  | { kind: 'noRoute'; code: string }
  /** It hung up before it answered. */
  | { kind: 'hungUp' }
  /** Something answers that is not Ollama. */
  | { kind: 'foreignService' }
  /** 403. */
  | { kind: 'forbidden' }
  /** 401; `sent` tells whether there was a key that it did not like. */
  | { kind: 'keyMissing'; sent: boolean }
  /** A proxy that fails, wants a sign-in, or has answered in place of the server; `proxy` where it is known. */
  | { kind: 'proxy'; proxy: string }
  | { kind: 'certificate'; problem: 'authority' | 'name' | 'date'; code: string }
  /** https asked of a port that speaks no TLS. */
  | { kind: 'notTls' }
  /** A gateway that has no server behind it, or does not wait for it. */
  | { kind: 'gateway'; status: number }
  /** It wants to be asked elsewhere; `to` is empty when that is unreadable or a circle. */
  | { kind: 'redirected'; to: string }
  /** The user has not agreed that it is asked. */
  | { kind: 'notApproved' }
  /** The address, or another setting, cannot be used; `setting` is its name. */
  | { kind: 'unusable'; setting: string }
  | { kind: 'otherError'; error: OllamaError };

/** What is known of the request that failed. */
export interface Asked {
  /** `host:port` of the proxy that it went through, as far as the settings tell. */
  proxy: string | undefined;
  /** Whether it carried a key. */
  key: boolean;
}

/**
 * What the failure of a question means. Exhaustive, so that a new kind of error does not compile until somebody
 * has thought about what it means for the connection.
 */
export function toProbeOutcome(error: OllamaError, asked: Asked): ProbeOutcome {
  switch (error.kind) {
    case 'unreachable':
      return unreachable(error);
    case 'connectTimeout':
      return { kind: 'silent', accepted: false };
    case 'idleTimeout':
      return { kind: 'silent', accepted: true };
    case 'certificate':
      return certificate(systemErrorCode(error.cause));
    case 'proxy':
      return { kind: 'proxy', proxy: asked.proxy ?? '' };
    case 'unauthorized':
      return { kind: 'keyMissing', sent: asked.key };
    case 'forbidden':
      // Ollama's own 403 has no body; a proxy that lets nobody through explains itself at length.
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

/** The sentence of a redirect to another origin names that as its second argument; the others have none. */
function redirectTarget({ localizableMessage: { args } }: OllamaError): string {
  return String(args[1] ?? '');
}
