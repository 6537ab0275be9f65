import { totalmem } from 'node:os';

/**
 * Memory that programs on this machine can have, in bytes: what is built in, or less where a container has a limit.
 */
export function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
