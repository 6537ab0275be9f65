import { connect } from 'node:net';
import type { Recording } from './recordings.ts';

/** A parsed HTTP response, with everything that a client library would hide. */
export interface WireAnswer {
  status: number;
  /** In order, with names as they were sent. */
  headers: [name: string, value: string][];
  body: string;
  /** The chunks of a chunked body; undefined when it has a length. */
  chunks: string[] | undefined;
  /** False when the body ends before its length, or without its last chunk. */
  complete: boolean;
}

/** Sends one request on a new connection, and reads until the server closes it. */
export async function sendOverWire(url: string, request: Recording['request']): Promise<WireAnswer> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''));
  socket.write(requestText(request, host));
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return parseAnswer(Buffer.concat(parts));
}

function requestText(
  { method, path, host, headers = {}, body }: Recording['request'],
  ownHost: string,
): string {
  const own = { Host: host ?? ownHost, Connection: 'close', ...headers };
  const sized =
    body === undefined
      ? own
      : { ...own, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const lines = Object.entries(sized).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, '', body ?? ''].join('\r\n');
}

/** The response that the recording's client read. */
export function recordedAnswer(recording: Recording): WireAnswer {
  return parseAnswer(Buffer.from(recording.response.chunks.map(([, text]) => text).join('')));
}

/** @throws Error when the head is incomplete. */
export function parseAnswer(bytes: Buffer): WireAnswer {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) throw new Error(`no answer: ${JSON.stringify(bytes.toString('latin1'))}`);
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const value = (name: string): string | undefined =>
    headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const rest = bytes.subarray(headEnd + 4);
  const status = Number(first.split(' ')[1]);
  if (value('transfer-encoding') === 'chunked') return { status, headers, ...unchunk(rest) };
  const complete = rest.length >= Number(value('content-length') ?? 0);
  return { status, headers, body: rest.toString(), chunks: undefined, complete };
}

function unchunk(bytes: Buffer): Pick<WireAnswer, 'body' | 'chunks' | 'complete'> {
  const chunks: string[] = [];
  let complete = false;
  for (let at = 0; at < bytes.length && !complete;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) break;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    at = lineEnd + 2 + size + 2;
    if (size === 0) complete = true;
    else chunks.push(bytes.subarray(lineEnd + 2, Math.min(at - 2, bytes.length)).toString());
  }
  return { body: chunks.join(''), chunks, complete };
}
