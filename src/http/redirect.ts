import { OllamaConnectionError } from './errors.ts';
import { localizable } from './message.ts';

/**
 * The error for a redirect. No supported server redirects API requests, so the configured address must be
 * wrong.
 */
export function redirected(
  from: string,
  location: string,
  status: number,
  withoutSecrets: (text: string) => string,
): OllamaConnectionError {
  const { origin } = new URL(from);
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  const message = target
    ? localizable(
        'The server at {0} redirects to {1}, and nothing is sent there: set the address that is meant as the base URL.',
        origin,
        withoutSecrets(target.origin + target.pathname.replace(/\/(?:api\/\w+|v1(?:\/\w+)+)?$/, '')),
      )
    : localizable('The server at {0} redirects to an unreadable address: check the address.', origin);
  return new OllamaConnectionError(message, { kind: 'redirected', status });
}
