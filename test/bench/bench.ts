/**
 * `npm run bench [-- --json] [-- --rounds 5] [-- --only <part of a row's name>]`: what the client costs, beside
 * a bare `node:http` loop ("raw") and the `ollama` package, in one run, so that a busy machine troubles all
 * alike. Each round of each contender is a fresh process; the order rotates. Whatever else is measured joins
 * the table as a {@link Result}.
 *
 * What node-fetch costs in our use of it (Node 24, one short request after another, warm, µs of processor time
 * a request): a bare `http.request` with the same headers takes 80, node-fetch around it 270, this client
 * around that 335. Of the 190 that are node-fetch's:
 * - 80: the answer goes through `stream.pipeline` into a PassThrough (which alone would be 20). `pipeline`
 *   makes an AbortController and aborts it when it is done, which makes a DOMException with a stack trace each
 *   time, and watches both ends with listeners and async resources. A fifth of it is still alive at the next
 *   minor garbage collection and is copied.
 * - 50: the body of the request goes through a second `pipeline`.
 * - 15: `Headers`, a Proxy around URLSearchParams, is made three times with every name and value validated.
 * - the rest: the URL is parsed three times; Request, Response and listeners for an abort are made.
 * No option switches any of it off, so short requests miss their target: bare node-fetch alone costs as much as
 * all of `ollama`, see its column. Per token it hardly matters: the PassThrough takes 0.1 µs a chunk, and
 * the 'data' listener that looks for the end of the answer on the socket costs that per packet, not per token.
 */
import { parseArgs } from 'node:util';
import { measureActivation } from './activation.ts';
import { degenerateRow, measureDegenerate } from './degenerate.ts';
import { measureHost } from './host.ts';
import { measureAbort, measureRow, measureSizes, startBenchServer } from './measure.ts';
import { abortPhases, rows } from './rows.ts';
import type { AbortPhase } from './protocol.ts';
import { table, type Result } from './table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
  },
});
const { json, only } = values;
const rounds = Number(values.rounds);
const wanted = (name: string) => name.includes(only);

const server = await startBenchServer();
const results: Result[] = [];
const done = (result: Result) => {
  results.push(result);
  if (!json) console.error(`measured: ${result.name}`);
};
for (const row of rows.filter(({ name }) => wanted(name))) done(await measureRow(server, row, rounds));
for (const [phase, name] of Object.entries(abortPhases) as [AbortPhase, string][])
  if (wanted(`abort ${name}`)) done(await measureAbort(server, phase, `abort ${name}`));
for (const result of await measureSizes()) if (wanted(result.name)) done(result);
await server.child.end();
if (wanted(degenerateRow)) done(await measureDegenerate());
if (wanted('activation')) for (const result of await measureActivation(rounds)) done(result);
if (wanted('extension host')) for (const result of await measureHost()) done(result);

console.log(json ? JSON.stringify(results, undefined, 2) : table(results));
