import type { Fault } from '../faults.ts';
import type { Protocol } from '../types.ts';

/** An error is a piece of the stream, so it has the form of the protocol. */
export function inProtocol(fault: Fault, protocol: Protocol): Fault {
  if (fault.kind !== 'errorLine' || protocol === 'ollama') return fault;
  const text = `data: ${JSON.stringify({ error: { message: fault.message } })}\n\n`;
  return { kind: 'insert', at: fault.at, text, ends: true };
}
