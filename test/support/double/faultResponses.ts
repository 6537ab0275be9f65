import type { Fault } from './faults.ts';
import type { Headers, HttpOutput } from './output.ts';

/** Carries out a fault that replaces a response. */
export async function replaceAnswer(
  output: HttpOutput,
  fault: Fault,
  stop: () => Promise<void>,
): Promise<void> {
  switch (fault.kind) {
    case 'respond':
      return respond(output, fault.status, fault.headers ?? {}, fault.body ?? '');
    case 'redirect':
      return respond(output, fault.status ?? 307, { Location: fault.to }, '');
    case 'closeBeforeHeaders':
      return output.cut('close');
    case 'resetBeforeHeaders':
      return output.cut('reset');
    case 'raw':
      output.broken = true;
      await output.writeRaw(fault.bytes);
      return fault.ending === 'open' ? undefined : output.cut(fault.ending);
    case 'stop':
      return stop();
    default:
      // `silent`: the connection stays open until the client closes it.
      return undefined;
  }
}

function respond(output: HttpOutput, status: number, headers: Headers, body: string | Buffer): void {
  const hasLength = Object.keys(headers).some((name) => /^(content-length|transfer-encoding)$/i.test(name));
  const length = String(Buffer.byteLength(body));
  output.head(status, hasLength ? headers : { ...headers, 'Content-Length': length });
  if (body.length > 0) void output.write(body);
  output.end();
}
