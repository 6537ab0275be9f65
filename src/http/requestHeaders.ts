import type { Headers } from './call.ts';

/** Headers of every request, by lower-case name, so that a setting replaces ours instead of adding to it. */
export function requestHeaders(own: Headers = {}, authorization?: string): Headers {
  const headers: Headers = {
    accept: 'application/x-ndjson, application/json, text/plain;q=0.5',
    // A gateway that compresses also buffers tokens.
    'accept-encoding': 'identity',
    // VS Code's patch of `http` keeps connections only with this header.
    connection: 'keep-alive',
    'content-type': 'application/json',
    'user-agent': 'CodeWorm',
  };
  if (authorization) headers['authorization'] = authorization;
  for (const [name, value] of Object.entries(own)) headers[name.toLowerCase()] = value;
  return headers;
}
