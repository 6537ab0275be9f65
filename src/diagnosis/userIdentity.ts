import { homedir, hostname, userInfo } from 'node:os';
import type { Identity } from './redact.ts';

/** What of the user and the machine must not stand in a text for others. Some containers have users without a name. */
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
