import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// As if started with --expose-gc, so that no command needs flags.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes of the heap and of buffers that are still in use, after a complete collection. */
export function usedBytes(): number {
  // What a finalizer releases is collected by the next one.
  for (let times = 0; times < 4; times++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
