/**
 * `npm run bench [-- --json] [-- --rounds 5] [-- --only <part of a row's name>]`: the cost of the client, compared
 * with a bare `node:http` loop ("raw") and the `ollama` package in the same run, so that a busy machine affects all
 * of them. Each round of each contender runs in a new process; the order rotates. All other measurements are added
 * to the table as a {@link Result}.
 *
 * What node-fetch costs (Node 24, one short request after another, warm, µs of processor time per request): a bare
 * `http.request` with the same headers takes 80, node-fetch 270, this client 335. Of node-fetch's additional 190:
 * - 80: the response goes through `stream.pipeline` into a PassThrough (which alone would take 20). `pipeline`
 *   creates an AbortController and aborts it at the end, which creates a DOMException with a stack trace, and
 *   watches both ends with listeners and async resources. A fifth of that survives the next minor garbage
 *   collection and is copied.
 * - 50: the body of the request goes through a second `pipeline`.
 * - 15: `Headers`, a Proxy around URLSearchParams, is created three times, with all names and values validated.
 * - The rest: the URL is parsed three times; Request, Response and abort listeners are created.
 * No option disables any of it, so short requests miss their target: node-fetch alone costs as much as all of
 * `ollama` (see its column). Per token it hardly matters: the PassThrough takes 0.1 µs per chunk, and the 'data'
 * listener that detects the end of the response costs that per packet.
 */
import { parseArgs } from 'node:util';
import { measureActivation } from './activation.ts';
import { degenerateRow, measureDegenerate } from './degenerate.ts';
import { documentationRows, measureDocumentation } from './documentation.ts';
import { fleetRows, measureFleet } from './fleet.ts';
import { measureHost } from './host.ts';
import { measurePlanning, planningRows } from './planning.ts';
import { measureAbort, measureRow, measureSizes, startBenchServer } from './measure.ts';
import { abortPhases, rows } from './rows.ts';
import type { AbortPhase } from './protocol.ts';
import { measureSuggestions } from './suggestions.ts';
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
if (planningRows.some(wanted)) for (const result of await measurePlanning()) done(result);
if (documentationRows.some(wanted)) for (const result of await measureDocumentation()) done(result);
if (fleetRows.some(wanted)) for (const result of await measureFleet()) done(result);
if (wanted(degenerateRow)) done(await measureDegenerate());
if (wanted('suggestions')) for (const result of await measureSuggestions()) done(result);
if (wanted('activation')) for (const result of await measureActivation(rounds)) done(result);
if (wanted('extension host')) for (const result of await measureHost()) done(result);

console.log(json ? JSON.stringify(results, undefined, 2) : table(results));
