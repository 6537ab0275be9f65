import { homedir, hostname, userInfo } from 'node:os';
import type { Identity } from './redact.ts';

/**
 * What must not appear in a text for others: names of the user and the machine, and secrets. In some
 * containers the user has no name.
 */
export function userIdentity(secrets: readonly string[] = []): Identity {
  return { home: homedir(), user: userName(), host: hostname(), secrets };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? process.env['USERNAME'] ?? '';
  }
}
