/**
 * `npm run bench [-- --json] [-- --rounds=5] [-- --only=<part of a row's name>]`: what the client costs, beside
 * a bare `node:http` loop ("raw") and the `ollama` package, in one run, so that a busy machine troubles all
 * alike. Each round of each contender is a fresh process; the order rotates.
 *
 * What node-fetch costs in our use of it (Node 24, one short request after another, µs of processor time; a
 * bare `http.request` with the same headers: 80; node-fetch around it: 250; this client around that: 310):
 * - the answer goes through `stream.pipeline` into a PassThrough: 80. The PassThrough is the smaller part (20).
 *   `pipeline` makes an AbortController and aborts it when it is done, which makes a DOMException with a
 *   stack trace each time, and watches both ends with listeners and async resources; what it makes lives long
 *   enough to be copied by the garbage collector.
 * - the request's body goes through a second `pipeline`: 50, of which 20 are one `writev` of head and body
 *   instead of one `write`.
 * - `Headers` is a Proxy around URLSearchParams, made three times with every name and value validated: 20.
 * - the URL is parsed three times, and Request, Response and the abort listeners are made: 20.
 * None of it can be switched off by an option, so the row of short requests misses its target: node-fetch alone
 * costs about as much as all of `ollama`. Per token it hardly matters: chunks pass the PassThrough one by one
 * (0.2 µs each), and its 'data' listener on the socket looks at five bytes of each packet.
 */
import { measureAbort, measureRow, measureSizes, startBenchServer } from './measure.ts';
import { abortPhases, rows } from './rows.ts';
import type { AbortPhase } from './protocol.ts';
import { table, type Result } from './table.ts';

function option(name: string): string | undefined {
  return process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

const json = process.argv.includes('--json');
const rounds = Number(option('rounds') ?? 5);
const only = option('only') ?? '';
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

console.log(json ? JSON.stringify(results, undefined, 2) : table(results));
