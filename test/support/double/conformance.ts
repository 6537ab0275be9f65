import assert from 'node:assert/strict';
import type { WireAnswer } from './wireClient.ts';

export interface Strictness {
  /** Whether headers and fields newer than the recordings are allowed, for a real server. */
  extrasAllowed: boolean;
}

/** Headers whose values must be equal; for all others only their presence counts. */
const meaningful = new Set(['content-type', 'allow', 'transfer-encoding', 'connection']);

/** Compares a response with a recorded one, except for what varies by chance. */
export function assertConforms(actual: WireAnswer, recorded: WireAnswer, strictness: Strictness): void {
  assert.equal(actual.status, recorded.status, `status; the body was ${actual.body}`);
  compareHeaders(actual, recorded, strictness);
  assert.equal(actual.complete, recorded.complete, 'whether the answer is complete');
  compareChunks(actual, recorded);
  const [lines, wanted] = [distinctShapes(actual.body), distinctShapes(recorded.body)];
  assert.equal(
    lines.length,
    wanted.length,
    `kinds of lines: ${JSON.stringify(lines)}, recorded ${JSON.stringify(wanted)}`,
  );
  for (const [index, shape] of wanted.entries())
    compareShape(lines[index]!, shape, strictness, `line kind ${index}`);
}

function compareHeaders(actual: WireAnswer, recorded: WireAnswer, { extrasAllowed }: Strictness): void {
  const wanted = names(recorded);
  if (!extrasAllowed) assert.deepEqual(names(actual), wanted);
  else
    assert.deepEqual(
      wanted.filter((name) => !names(actual).includes(name)),
      [],
    );
  for (const [name, value] of recorded.headers) {
    if (!meaningful.has(name.toLowerCase())) continue;
    assert.equal(actual.headers.find(([other]) => other === name)?.[1], value, `header ${name}`);
  }
}

function names({ headers }: WireAnswer): string[] {
  return headers.map(([name]) => name);
}

/** A streamed response has one line per chunk. An error instead of a line is a chunk without a line end. */
function compareChunks(actual: WireAnswer, recorded: WireAnswer): void {
  assert.equal(actual.chunks === undefined, recorded.chunks === undefined, 'whether the answer is chunked');
  const isStream = recorded.chunks !== undefined && recorded.body.endsWith('\n');
  if (isStream) assert.deepEqual([...new Set(actual.chunks?.map(isWhole))], [true]);
  else assert.equal(actual.body.endsWith('\n'), recorded.body.endsWith('\n'));
}

/** One line, or complete events of a server-sent stream. */
function isWhole(chunk: string): boolean {
  if (chunk.startsWith('data: ')) return chunk.endsWith('\n\n');
  return chunk.indexOf('\n') === chunk.length - 1;
}

type Shape = string | { [name: string]: Shape } | Shape[];

/** Names and types. Texts are compared where they have a meaning, without their numbers. */
function shapeOf(value: unknown, name = ''): Shape {
  if (Array.isArray(value)) return distinct(value.map((item) => shapeOf(item)));
  if (value === null) return 'null';
  if (typeof value === 'object') {
    // The facts about a model depend on the model.
    if (name === 'model_info') return 'object';
    return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, shapeOf(item, field)]));
  }
  if (
    typeof value === 'string' &&
    ['error', 'status', 'done_reason', 'role', 'type', 'object', 'stop_type'].includes(name)
  )
    return blot(value);
  return typeof value === 'boolean' ? String(value) : typeof value;
}

function blot(text: string): string {
  return text.replace(/\d+(\.\d+)*/g, '#');
}

function distinct(shapes: Shape[]): Shape[] {
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()];
}

/** The kinds of lines in the body, by first occurrence. Many tokens are one kind. */
function distinctShapes(body: string): Shape[] {
  const lines = body.split('\n').filter((line) => line !== '');
  return distinct(lines.map((line) => shapeOf(parsed(line))));
}

/** Text that is not JSON is returned unchanged. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line.replace(/^data: /, '')) as unknown;
  } catch {
    return { text: line };
  }
}

function compareShape(actual: Shape, wanted: Shape, strictness: Strictness, where: string): void {
  // In Go an empty list is often null, and a real server's models may have none.
  if (strictness.extrasAllowed && actual === 'null' && Array.isArray(wanted)) return;
  if (typeof wanted === 'string' || typeof actual === 'string')
    return assert.deepEqual(actual, wanted, where);
  if (Array.isArray(wanted)) return compareItems(actual, wanted, strictness, where);
  assert.ok(!Array.isArray(actual), where);
  const extras = Object.keys(actual).filter((name) => !(name in wanted));
  if (!strictness.extrasAllowed) assert.deepEqual(extras, [], `fields of ${where} that were not recorded`);
  for (const [name, shape] of Object.entries(wanted)) {
    assert.ok(name in actual, `${where} lacks the field ${name}`);
    compareShape(actual[name]!, shape, strictness, `${where}, ${name}`);
  }
}

function sameFields(one: Shape, other: Shape): boolean {
  return JSON.stringify(Object.keys(one)) === JSON.stringify(Object.keys(other));
}

/** An empty list has no shape to compare. */
function compareItems(actual: Shape, wanted: Shape[], strictness: Strictness, where: string): void {
  assert.ok(Array.isArray(actual), `${where} is a list`);
  if (wanted.length === 0 || actual.length === 0) return;
  for (const item of actual) {
    const alike = wanted.find((shape) => sameFields(item, shape)) ?? wanted[0]!;
    compareShape(item, alike, strictness, `${where}, item`);
  }
}
