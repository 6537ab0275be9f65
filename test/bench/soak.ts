/**
 * `npm run soak [-- --count=10000] [-- --parallel=16] [-- --seed=N] [-- --client=openai]`: many generations with random faults.
 * Each is checked (see `soakRun.ts`). Afterwards no connection may be open, memory may not have grown, and there
 * may be no warning.
 */
import { parseArgs } from 'node:util';
import { wires } from '../support/wires.ts';
import { usedBytes } from './garbage.ts';
import { soak } from './soakRun.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '16' },
    client: { type: 'string', default: 'ollama' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const [count, parallel, seed] = [values.count, values.parallel, values.seed].map(Number) as [
  number,
  number,
  number,
];

/** Share of the generations before the first memory measurement, because caches are filled until then. */
const warmUp = 0.3;
/**
 * Bytes after 10,000 generations. What leaks stays in the heap or in buffers, which did not grow in any run of either
 * client; the process as a whole keeps up to 40 MB of pages that V8 has freed.
 */
const mostGrowth = { used: 5e6, rss: 64e6 };
/** With fewer generations, most of the growth is what Node fills once. */
const leastForMemory = 5000;
const problems: unknown[] = [];
process.on('warning', (warning) => problems.push(warning));
process.on('unhandledRejection', (reason) => problems.push(reason));

function memory(): { rss: number; used: number } {
  const used = usedBytes();
  return { rss: process.memoryUsage.rss(), used };
}

const wire = wires.find(({ protocol }) => protocol === values.client);
if (!wire) throw new Error('--client is ollama or openai');
console.log(`seed ${seed}: ${count} generations of the client for ${wire.name}, ${parallel} at a time`);
const started = performance.now();
let before = memory();
const onProgress = (done: number) => {
  if (done === Math.ceil(count * warmUp)) before = memory();
  if (done % Math.ceil(count / 10) === 0) console.log(`${done} done`);
};
const counts = await soak({ wire, count, parallel, seed, onProgress });
await new Promise((resolve) => setImmediate(resolve));
const after = memory();
const growth = { rss: after.rss - before.rss, used: after.used - before.used };
const open = process
  .getActiveResourcesInfo()
  .filter((name) => /TCPWrap|TCPSocketWrap|TLS|Timeout/.test(name));

console.log(
  Object.entries(counts)
    .map(([fate, number]) => `${fate} ${number}`)
    .join(', '),
);
console.log(
  `${((performance.now() - started) / 1000).toFixed(1)} s; memory grew by ${(growth.rss / 1e6).toFixed(1)} MB (heap and buffers ${(growth.used / 1e6).toFixed(1)} MB) after the first ${count * warmUp}`,
);
if (open.length > 0) problems.push(`still open: ${open.join(', ')}`);
if (count >= leastForMemory && (growth.used > mostGrowth.used || growth.rss > mostGrowth.rss))
  problems.push('memory has grown by more than 5 MB of heap and buffers, or 64 MB in all');
for (const problem of problems) console.error(problem);
console.log(
  problems.length > 0
    ? 'failed'
    : 'every answer was whole or a typed error with the exact text that had been sent',
);
process.exitCode = problems.length > 0 ? 1 : 0;
