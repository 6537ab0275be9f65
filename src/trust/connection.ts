import { createHash } from 'node:crypto';
import { parseBaseUrl, type OllamaSettings } from '../ollama/index.ts';

/** The settings for where requests go, and with which headers. */
export type AddressSettings = Pick<OllamaSettings, 'baseUrl' | 'headers'>;

/** Where requests go, with which headers, and whether the user or a workspace has decided that. */
export interface Connection {
  /** Origin and path. */
  address: string;
  /** Whether the address is in the user's own settings, not chosen by a workspace. */
  ownAddress: boolean;
  /** Names of the headers in the user's own settings. */
  ownHeaders: readonly string[];
  /** Names of the headers set by the workspace, including the credentials in its address. */
  workspaceHeaders: readonly string[];
  /** Digest of these headers with their values; empty without any. */
  workspaceDigest: string;
}

/**
 * Compares the effective settings with the user's own.
 * @param used of a client, so that the address is valid
 */
export function connectionOf(used: AddressSettings, own: AddressSettings): Connection {
  const { href, authorization } = parseBaseUrl(used.baseUrl);
  const mine = ownBase(own);
  const ownAddress = mine?.href === href;
  const theirs = Object.entries(used.headers ?? {}).filter(([name, value]) => valueOf(own, name) !== value);
  const credentials =
    authorization !== undefined && !(ownAddress && mine?.authorization === authorization)
      ? [['authorization', authorization]]
      : [];
  const fromWorkspace = [...theirs, ...credentials] as [string, string][];
  return {
    address: href,
    ownAddress,
    ownHeaders: Object.keys(used.headers ?? {}).filter((name) => !theirs.some(([other]) => other === name)),
    workspaceHeaders: [...new Set(fromWorkspace.map(([name]) => name))],
    workspaceDigest: digestOf(fromWorkspace),
  };
}

/** Whether the user alone has configured a connection. */
export function isOwn({ ownAddress, workspaceDigest }: Connection): boolean {
  return ownAddress && workspaceDigest === '';
}

function ownBase({ baseUrl }: AddressSettings): { href: string; authorization?: string } | undefined {
  try {
    return parseBaseUrl(baseUrl);
  } catch {
    return undefined;
  }
}

function valueOf({ headers = {} }: AddressSettings, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

/** A digest, because the values may be keys and must not be stored. */
function digestOf(headers: readonly (readonly [string, string])[]): string {
  if (headers.length === 0) return '';
  const sorted = headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`).toSorted();
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
