import type { Headers } from './call.ts';

/** Headers of every request, by lower-case name so that a setting replaces ours instead of adding to it. */
export function requestHeaders(own: Headers = {}, authorization?: string): Headers {
  const headers: Headers = {
    accept: 'application/x-ndjson, application/json, text/plain;q=0.5',
    // A gateway that compresses also collects tokens before it sends them.
    'accept-encoding': 'identity',
    // VS Code's patch of `http` keeps no connection without being told to.
    connection: 'keep-alive',
    'content-type': 'application/json',
    'user-agent': 'CodeWorm',
  };
  if (authorization) headers['authorization'] = authorization;
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
  return headers;
}
