/**
 * Compares the test double with every recording of a real server; with `OLLAMA_TEST_URL` (and
 * `OLLAMA_TEST_MODEL`, the name of an installed model that does not think), compares that real server
 * instead.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertConforms } from '../../support/double/conformance.ts';
import {
  loadRecordings,
  startDouble,
  type OllamaDouble,
  type Recording,
} from '../../support/double/index.ts';
import { recordedServer, recordedServerLater } from '../../support/double/recordedServer.ts';
import { recordedAnswer, sendOverWire, type WireAnswer } from '../../support/double/wireClient.ts';

const realUrl = process.env['OLLAMA_TEST_URL'];
const realModel = process.env['OLLAMA_TEST_MODEL'];

interface Check {
  /** Why this cannot be tested with a real server. */
  skipOnReal?: string;
  /** Creates the situation of the recording. */
  prepare?: (target: Target) => Promise<unknown> | void;
  /** Checks besides status, headers and shape. */
  also?: (answer: WireAnswer) => void;
}

/** The server under test. Only the double can simulate faults. */
interface Target {
  url: string;
  model: string;
  double: OllamaDouble | undefined;
}

const needsFaults = 'needs a server whose faults the test controls';
const needsModel = (what: string): string => `needs a model ${what}`;

/** One entry per recording; an empty one only compares. */
const checks: Record<string, Check> = {
  'chat-nostream': {},
  'chat-stream': { also: countsTokens },
  'delete-unknown': {},
  'error-empty-body': {},
  'error-empty-model': {},
  'error-foreign-host': isLoopback() ? {} : { skipOnReal: 'needs a server bound to loopback' },
  'error-foreign-origin': {},
  'error-format': {},
  'error-images-unsupported': { skipOnReal: needsModel('that cannot see') },
  'error-invalid-name': {},
  'error-keep-alive-string-number': {},
  'error-keep-alive-word': {},
  'error-malformed-json': {},
  'error-not-json': {},
  'error-option-type': {},
  'error-out-of-memory': {
    skipOnReal: needsModel('larger than the memory'),
    prepare: loadTiny,
    also: leavesNothing,
  },
  'error-out-of-memory-on-load': { skipOnReal: needsModel('larger than the memory'), also: leavesNothing },
  'error-prompt-type': {},
  'error-queue-full': { skipOnReal: needsFaults, prepare: fillQueue },
  'error-stop-type': {},
  'error-think-unsupported': { skipOnReal: needsModel('that does not think') },
  'error-tools-unsupported': { skipOnReal: needsModel('that knows no tools') },
  'error-unknown-model': {},
  'error-wrong-method': {},
  'generate-debug-render-suffix': { skipOnReal: needsModel('that can insert'), also: rendersInfill },
  'generate-load-empty-prompt': {},
  'generate-nostream': {},
  'generate-raw': { also: countsTokens },
  'generate-repeat-guard': {
    skipOnReal: needsModel('that repeats itself'),
    prepare: repeat,
    also: hasLines(31),
  },
  'generate-runner-killed-midstream': { skipOnReal: needsFaults, prepare: killRunner },
  'generate-server-stopped-midstream': { skipOnReal: needsFaults, prepare: stopServer },
  'generate-shift-false': {},
  'generate-stream': { also: countsTokens },
  'generate-stream-cold': { also: countsTokens },
  'generate-stream-system': { also: countsTokens },
  'generate-suffix': { skipOnReal: needsModel('that can insert'), also: countsTokens },
  'generate-suffix-unsupported': { skipOnReal: needsModel('that cannot insert') },
  'generate-truncate-false': { also: namesWindow },
  'generate-truncated-silently': { also: readsHalfWindow },
  'generate-unload': {},
  'not-found-path': {},
  'ps-empty': { skipOnReal: 'other models may be loaded' },
  'ps-loaded': { prepare: loadTiny },
  'pull-unreachable-registry': { skipOnReal: 'needs a server without a network' },
  'pull-unreachable-registry-nostream': { skipOnReal: 'needs a server without a network' },
  root: {},
  show: {},
  tags: {},
  version: {},
  'chat-think-default-stream': {
    skipOnReal: needsModel('that thinks'),
    prepare: writeAsRecorded('chat-think-default-stream'),
  },
  'chat-think-false-stream': {
    skipOnReal: needsModel('that thinks'),
    prepare: writeAsRecorded('chat-think-false-stream'),
  },
  'chat-think-low-stream': {
    skipOnReal: needsModel('that thinks'),
    prepare: writeAsRecorded('chat-think-low-stream'),
  },
  'chat-think-true-stream': { skipOnReal: needsModel('that thinks') },
  'chat-tool-result-stream': { skipOnReal: needsModel('that calls tools') },
  'chat-tools-nostream': {
    skipOnReal: needsModel('that calls tools'),
    prepare: withoutThinking,
    also: callsTheTool,
  },
  'chat-tools-stream': {
    skipOnReal: needsModel('that calls tools'),
    prepare: withoutThinking,
    also: callsTheTool,
  },
  'cloud-model-offline': { skipOnReal: 'needs a server without a network' },
  embed: { skipOnReal: needsModel('that embeds') },
  'embed-unsupported': {},
  'error-chat-context': { skipOnReal: needsModel('that thinks'), also: namesWindow },
  'error-embedding-model-chat': { skipOnReal: needsModel('that embeds') },
  'error-embedding-model-generate': { skipOnReal: needsModel('that embeds') },
  'error-suffix-context': { skipOnReal: needsModel('that can insert'), also: namesWindow },
  'error-think-word': {},
  'generate-raw-fim-stream': { skipOnReal: needsModel('that can insert'), also: countsTokens },
  'generate-raw-with-suffix': { skipOnReal: needsModel('that can insert'), also: countsTokens },
  'generate-suffix-empty-prompt': { skipOnReal: needsModel('that can insert') },
  'generate-suffix-fim-stream': { skipOnReal: needsModel('that can insert'), also: countsTokens },
  'generate-think-default-stream': {
    skipOnReal: needsModel('that thinks'),
    prepare: writeAsRecorded('generate-think-default-stream'),
  },
  'generate-think-false-stream': {
    skipOnReal: needsModel('that thinks'),
    prepare: writeAsRecorded('generate-think-false-stream'),
  },
  'generate-think-false-unsupported-model': {
    prepare: writeAsRecorded('generate-think-false-unsupported-model'),
  },
  'generate-think-length': { skipOnReal: needsModel('that thinks') },
  'me-signed-out-offline': { skipOnReal: 'needs a server without a network' },
  'model-recommendations': { skipOnReal: 'needs a server without a network' },
  'show-agent': { skipOnReal: needsModel('that thinks') },
  'show-fim': { skipOnReal: needsModel('that can insert') },
  'show-unknown': {},
  status: {},
  'tags-capabilities': {},
  'v1-chat-stream': {},
  'v1-error-unknown-model': {},
  'v1-models': {},
};

function isLoopback(): boolean {
  return /^https?:\/\/(127\.|localhost|\[::1\])/.test(realUrl ?? '');
}

function lines(answer: WireAnswer): Record<string, unknown>[] {
  return answer.body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** All streamed recordings ask for 8 tokens: each has its line, and the last line counts them. */
function countsTokens(answer: WireAnswer): void {
  const all = lines(answer);
  const last = all.at(-1)!;
  assert.equal(last['eval_count'], 8);
  assert.ok(Number.isInteger(last['prompt_eval_count']));
  if (!realUrl) assert.equal(all.length, 9);
}

/** The tool's name and arguments are complete, and the call has an id. */
function callsTheTool(answer: WireAnswer): void {
  const [first] = lines(answer) as { message: { tool_calls: { id: string; function: object }[] } }[];
  const [call] = first!.message.tool_calls;
  assert.match(call!.id, /^call_\w+$/);
  assert.deepEqual(call!.function, { index: 0, name: 'read_file', arguments: { path: 'README.md' } });
}

function rendersInfill(answer: WireAnswer): void {
  const { _debug_info: info } = JSON.parse(answer.body) as { _debug_info: unknown };
  const rendered = '<|fim_prefix|>def f(<|fim_suffix|>\n  return x<|fim_middle|>';
  assert.deepEqual(info, { rendered_template: rendered });
}

function hasLines(count: number): (answer: WireAnswer) => void {
  return (answer) => assert.equal(lines(answer).length, count);
}

function readsHalfWindow(answer: WireAnswer): void {
  assert.equal(lines(answer).at(-1)!['prompt_eval_count'], 258);
}

function namesWindow(answer: WireAnswer): void {
  const { error } = JSON.parse(answer.body) as { error: string };
  const inner = (JSON.parse(error) as { error: { n_ctx: number; n_prompt_tokens: number } }).error;
  assert.equal(inner.n_ctx, 512);
  assert.ok(inner.n_prompt_tokens > 512);
}

function loadTiny({ url, model }: Target): Promise<unknown> {
  const body = JSON.stringify({ model, keep_alive: -1, options: { num_ctx: 4096 } });
  return sendOverWire(url, { method: 'POST', path: '/api/generate', body });
}

let current: OllamaDouble | undefined;

function leavesNothing(): void {
  assert.deepEqual(current!.loaded(), []);
}

/** One request runs, and no other may wait. */
async function fillQueue({ url, model, double }: Target): Promise<void> {
  double!.set({ maxQueue: 0 });
  const gate = double!.hold('firstToken');
  const body = JSON.stringify({ model, prompt: 'x' });
  sendOverWire(url, { method: 'POST', path: '/api/generate', body }).catch(() => {});
  await gate.reached;
}

function repeat({ double }: Target): void {
  double!.set({ answer: () => Array.from({ length: 200 }, () => ' await') });
}

function withoutThinking({ double }: Target): void {
  double!.set({ thinking: () => '' });
}

/** As many different tokens as recorded, or more if the limit ended the answer. */
function writeAsRecorded(name: string): (target: Target) => void {
  return ({ double }) => {
    const last = lines(recordedAnswer(recordings.find((one) => one.name === name)!)).at(-1)!;
    const count = last['done_reason'] === 'length' ? 200 : 2;
    double?.set({ answer: () => Array.from({ length: count }, (_, index) => ` word${index}`) });
  };
}

function killRunner({ double }: Target): void {
  void double!.hold({ afterTokens: 5 }).reached.then(() => double!.killRunner('slow'));
}

function stopServer({ double }: Target): void {
  void double!.hold({ afterTokens: 5 }).reached.then(() => double!.stop());
}

const recordings = loadRecordings();

test('every recording has a check, and every check a recording', () => {
  assert.deepEqual(Object.keys(checks).toSorted(), recordings.map(({ name }) => name).toSorted());
});

for (const recording of recordings) {
  const check = checks[recording.name] ?? {};
  const skip = (realUrl && (check.skipOnReal ?? missingModel(recording))) || false;
  test(`like the recording ${recording.name}`, { skip }, async () => {
    if (realUrl) await compare(recording, check, { url: realUrl, model: realModel ?? '', double: undefined });
    else await compareDouble(recording, check);
  });
}

function missingModel({ request }: Recording): string | undefined {
  return realModel === undefined && /"model":"(tiny2?|slow)"/.test(request.body ?? '')
    ? 'OLLAMA_TEST_MODEL is not set'
    : undefined;
}

async function compareDouble(recording: Recording, check: Check): Promise<void> {
  const isLater = recordedAnswer(recording).headers.some(([, value]) => value.includes('25 Nov 2026'));
  await using double = await startDouble(isLater ? recordedServerLater : recordedServer);
  current = double;
  await compare(recording, check, { url: double.url, model: 'tiny', double });
}

async function compare(recording: Recording, check: Check, target: Target): Promise<void> {
  await check.prepare?.(target);
  const request = target.double ? recording.request : renamed(recording.request, target.model);
  const answer = await sendOverWire(target.url, request);
  assertConforms(answer, recordedAnswer(recording), { extrasAllowed: target.double === undefined });
  check.also?.(answer);
}

/** The same request for the real server's model. */
function renamed(request: Recording['request'], model: string): Recording['request'] {
  if (request.body === undefined) return request;
  return {
    ...request,
    body: request.body.replace(/"model":"(tiny2?|slow)"/, () => `"model":${JSON.stringify(model)}`),
  };
}
