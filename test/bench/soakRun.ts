import assert from 'node:assert/strict';
import { OllamaError, type GenerationResult, type ModelClient } from '../../src/ollama/index.ts';
import type { Wire } from '../support/wires.ts';
import { planOf, type Fate, type Plan } from './soakPlan.ts';
import { startSoakServer, type Running } from './soakServer.ts';

/** The parameters of a soak test. The same seed gives the same run. */
export interface SoakOptions {
  /** The protocol of the client. */
  wire: Wire;
  count: number;
  parallel: number;
  seed: number;
  /** Called now and then, and at the end, with the number of finished generations. */
  onProgress?: (done: number) => void;
}

/** How one generation ended. */
interface Ending {
  /** The joined text events; `undefined` when the answer was requested in one piece. */
  parts?: string;
  result?: GenerationResult;
  error?: unknown;
}

/** Number of generations per fault. */
export type SoakCounts = Partial<Record<Fate, number>>;

const left = new Error('not interested any more');

/**
 * Runs generations against a server with random faults, and checks each: it is complete, or fails with a
 * typed error that has exactly the text of the complete lines sent.
 * @throws AssertionError naming the generation that failed the check
 */
export async function soak({ wire, count, parallel, seed, onProgress }: SoakOptions): Promise<SoakCounts> {
  const running = new Map<number, Running>();
  const counts: SoakCounts = {};
  const server = await startSoakServer(running);
  const client = wire.clientFor(server.url, { model: 'soak' });
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let id = next++; id < count; id = next++) {
      const plan = planOf(seed, id);
      await check({ client, wire, seed }, plan, running);
      counts[plan.fate] = (counts[plan.fate] ?? 0) + 1;
      if (++done % 100 === 0) forget(server.requests);
      onProgress?.(done);
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
    await client.close();
    await server.waitForNoConnections();
  } finally {
    await client.close();
    await server.close();
  }
  return counts;
}

/** The server records every request, which would look like a leak of the client. */
function forget(requests: readonly unknown[]): void {
  (requests as unknown[]).length = 0;
}

async function check(
  { client, wire, seed }: { client: ModelClient; wire: Wire; seed: number },
  plan: Plan,
  running: Map<number, Running>,
): Promise<void> {
  const nothing = () => undefined;
  const one: Running = { wire, plan, requests: 0, taken: 0, onReached: nothing, onTaken: nothing };
  running.set(plan.id, one);
  const ending = await generate(client, one);
  running.delete(plan.id);
  try {
    assertRight(one, ending);
  } catch (error) {
    const what = JSON.stringify({ seed, ...plan, requests: one.requests });
    throw new Error(`generation ${plan.id} did not end as it should: ${what}`, { cause: error });
  }
}

async function generate(client: ModelClient, one: Running): Promise<Ending> {
  const { plan } = one;
  const controller = new AbortController();
  const request = { prompt: String(plan.id), signal: controller.signal };
  const policy = { attempts: 3, delayMs: 1 };
  one.onReached = () => controller.abort(left);
  const ending: Ending = {};
  try {
    if (plan.way === 'generate') return { result: await client.generate(request) };
    ending.parts = '';
    const stream = plan.way === 'retry' ? client.streamWithRetry(request, policy) : client.stream(request);
    for (let part = await stream.next(); ; part = await stream.next()) {
      if (part.done) return { ...ending, result: part.value };
      if (part.value.type !== 'text') continue;
      ending.parts += part.value.text;
      one.taken++;
      one.onTaken();
      if (one.taken <= plan.at) continue;
      if (plan.fate === 'abort') controller.abort(left);
      if (plan.fate === 'leave') await stream.return(undefined as never);
    }
  } catch (error) {
    return { ...ending, error };
  }
}

function assertRight({ plan, requests, taken }: Running, { parts, result, error }: Ending): void {
  const { fate, tokens, at } = plan;
  const text = tokens.join('');
  const sent = tokens.slice(0, at).join('');
  if (fate === 'leave') {
    assert.equal(error, undefined);
    assert.equal(parts, tokens.slice(0, taken).join(''));
  } else if (fate === 'abort' || (fate === 'abortWaiting' && requests === 1)) {
    assert.equal(error, left);
    assert.equal(parts, tokens.slice(0, taken).join(''));
  } else if (requests > 1 || isHarmless(fate)) {
    assert.equal(error, undefined);
    assert.equal(result?.text, text);
    if (parts !== undefined) assert.equal(parts, text);
  } else {
    assert.ok(error instanceof OllamaError, String(error));
    assert.equal(error.partialText, isBeforeText(fate) ? '' : sent);
    if (parts !== undefined) assert.equal(parts, error.partialText);
    assert.equal(error.constructor.name, error.name);
    if (plan.way === 'retry') assert.ok(!canBeRetried(plan), 'it should have been tried again');
  }
}

function isHarmless(fate: Fate): boolean {
  return fate === 'whole' || fate === 'slow' || fate === 'gzip' || fate === 'stale';
}

function isBeforeText(fate: Fate): boolean {
  return fate === 'busy' || fate === 'closeBeforeHeaders' || fate === 'resetBeforeHeaders';
}

/** Transient errors are retried as long as no text was delivered. */
function canBeRetried({ fate, at }: Plan): boolean {
  if (isBeforeText(fate)) return true;
  return at === 0 && (fate === 'cutClose' || fate === 'cutReset' || fate === 'noLastLine');
}
