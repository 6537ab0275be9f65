import { createHash } from 'node:crypto';
import { parseBaseUrl, type OllamaSettings } from '../ollama/index.ts';

/** The settings that say where requests go, and what goes along. */
export type AddressSettings = Pick<OllamaSettings, 'baseUrl' | 'headers'>;

/** What requests with certain settings are: where they go, what goes along, and who has decided that. */
export interface Connection {
  /** Origin and path. */
  address: string;
  /** Whether the user's own settings have the address, so that no workspace has chosen it. */
  ownAddress: boolean;
  /** Names of the headers that the user's own settings have. */
  ownHeaders: readonly string[];
  /** Names of the headers that the workspace has set, among them the credentials in its address. */
  workspaceHeaders: readonly string[];
  /** Stands for those headers with their values; empty without any. */
  workspaceDigest: string;
}

/**
 * Compares the settings in force with those of the user alone.
 * @param used of a client, so that the address can be read
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

/** Whether the user alone has decided everything about a connection. */
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

/** The values themselves may be keys and are not kept. */
function digestOf(headers: readonly (readonly [string, string])[]): string {
  if (headers.length === 0) return '';
  const sorted = headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`).toSorted();
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url');
}
