/**
 * From a response to an error: classes, kinds, messages, numbers, and the real size of the context window.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  OllamaConnectionError,
  OllamaContextError,
  OllamaError,
  OllamaModelError,
  OllamaModelNotFoundError,
  OllamaProtocolError,
  OllamaSettingsError,
  OllamaTimeoutError,
  type ErrorKind,
} from '../../../../src/ollama/index.ts';
import { classify } from '../../../../src/ollama/errors/classify.ts';
import { classifyNetworkError, codeOf } from '../../../../src/http/networkErrors.ts';
import { loadRecordings, startDouble, startReplay } from '../../../support/double/index.ts';
import { clientFor, failureOf, json } from '../../../support/faults.ts';
import { withoutLeaks } from '../../../support/leaks.ts';

type Class = abstract new (...args: never[]) => OllamaError;

function classified(status: number | undefined, text: string): OllamaError {
  const body = status === undefined ? text : JSON.stringify({ error: text });
  return classify({ status, body, origin: 'http://h:1', path: '/api/generate', model: 'm' });
}

const texts: [status: number | undefined, text: string, type: Class, kind: ErrorKind][] = [
  [404, "model 'x' not found", OllamaModelNotFoundError, 'modelNotFound'],
  [404, 'model "x" not found, try pulling it first', OllamaModelNotFoundError, 'modelNotFound'],
  [400, 'invalid model name', OllamaError, 'badRequest'],
  [400, 'unexpected EOF', OllamaError, 'badRequest'],
  [400, 'missing request body', OllamaError, 'badRequest'],
  [400, 'json: cannot unmarshal number into Go struct field', OllamaError, 'badRequest'],
  [400, 'time: missing unit in duration "-1"', OllamaError, 'badRequest'],
  [500, 'option "num_ctx" must be of type integer', OllamaError, 'badRequest'],
  [500, 'invalid format: "x"; expected "json" or a valid JSON Schema object', OllamaError, 'badRequest'],
  [
    500,
    'model requires more system memory (8.0 GiB) than is available (4.0 GiB)',
    OllamaModelError,
    'outOfMemory',
  ],
  [500, 'llama runner process has terminated: exit status 2', OllamaModelError, 'outOfMemory'],
  [
    500,
    'llama runner process has terminated: error loading model: invalid file magic',
    OllamaModelError,
    'damagedModel',
  ],
  [500, 'tensor "x" exceeds file size', OllamaModelError, 'damagedModel'],
  [
    500,
    'llama-server process has terminated: exit status 1: ggml_aligned_malloc: insufficient memory (attempted to allocate 1 MB)',
    OllamaModelError,
    'outOfMemory',
  ],
  ...[
    'out of memory',
    'out of device memory',
    'cudaMalloc failed',
    'hipMalloc failed',
    'failed to allocate',
    'allocation failed',
    'not enough memory',
    'insufficient memory',
    'VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'ErrorOutOfMemory',
    'ErrorOutOfDeviceMemory',
  ].map((text): [number, string, Class, ErrorKind] => [
    500,
    `llama-server process has terminated: ${text}`,
    OllamaModelError,
    'outOfMemory',
  ]),
  [undefined, 'CUDA error: out of memory', OllamaModelError, 'outOfMemory'],
  [500, 'an error was encountered while running the model: unexpected EOF', OllamaModelError, 'runnerDied'],
  [
    undefined,
    'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error',
    OllamaModelError,
    'runnerDied',
  ],
  [500, 'llama-server process no longer running: -1', OllamaModelError, 'runnerDied'],
  [500, 'timed out waiting for llama-server to start - progress 0.3', OllamaTimeoutError, 'loadTimeout'],
  [500, 'timed out waiting for llama runner to start', OllamaTimeoutError, 'loadTimeout'],
  [503, 'server busy, please try again.  maximum pending requests exceeded', OllamaError, 'busy'],
  [400, '"m" does not support thinking', OllamaError, 'thinkUnsupported'],
  [400, 'registry.ollama.ai/library/m:latest does not support insert', OllamaError, 'unsupported'],
  [401, 'unauthorized', OllamaError, 'unauthorized'],
  [
    400,
    'request (7204 tokens) exceeds the available context size (512 tokens), try increasing it',
    OllamaContextError,
    'contextExceeded',
  ],
  [400, 'the input length exceeds the context length', OllamaContextError, 'contextExceeded'],
  [500, 'something else', OllamaError, 'server'],
  [undefined, 'something else', OllamaError, 'server'],
];

for (const [status, text, type, kind] of texts) {
  test(`${status ?? 'line'}: ${text.slice(0, 70)}`, () => {
    const error = classified(status, text);
    assert.ok(error instanceof type, error.name);
    assert.deepEqual([error.kind, error.status, error.partialText], [kind, status, '']);
    assert.match(error.message, /^\S.*\.$/);
    assert.ok(
      error.cause instanceof Error && error.cause.message.includes(text.slice(0, 30)),
      'the text of the server is kept',
    );
  });
}

test('names and inheritance', () => {
  for (const [error, name] of [
    [new OllamaError('x'), 'OllamaError'],
    [new OllamaConnectionError('x'), 'OllamaConnectionError'],
    [new OllamaTimeoutError('x'), 'OllamaTimeoutError'],
    [new OllamaModelError('x'), 'OllamaModelError'],
    [new OllamaModelNotFoundError('x', 'm'), 'OllamaModelNotFoundError'],
    [new OllamaContextError('x', 1, 2), 'OllamaContextError'],
    [new OllamaProtocolError('x'), 'OllamaProtocolError'],
    [new OllamaSettingsError('s', { template: 'is wrong', args: [] }), 'OllamaSettingsError'],
  ] as const) {
    assert.ok(error instanceof OllamaError && error instanceof Error);
    assert.deepEqual([error.name, error.partialText, error.status], [name, '', undefined]);
  }
});

test('failures of a connection by their code, at any level of the error', () => {
  const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
  assert.equal(
    codeOf(new AggregateError([withCode('ECONNREFUSED'), withCode('EHOSTUNREACH')])),
    'ECONNREFUSED',
  );
  assert.equal(codeOf(new Error('x', { cause: new Error('y', { cause: withCode('EPIPE') }) })), 'EPIPE');
  assert.equal(codeOf(undefined), '');
  const circle = new Error('x');
  circle.cause = circle;
  assert.equal(codeOf(circle), '');
  const kinds = [
    'ENOTFOUND',
    'ETIMEDOUT',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'HPE_INVALID_CONSTANT',
    'HPE_INVALID_EOF_STATE',
    'EWHATEVER',
  ].map((code) => classifyNetworkError(withCode(code), 'http://h').kind);
  assert.deepEqual(kinds, [
    'unreachable',
    'connectTimeout',
    'certificate',
    'certificate',
    'certificate',
    'notOllama',
    'unreachable',
    'unreachable',
  ]);
});

for (const name of [
  'generate-truncate-false',
  'error-out-of-memory',
  'error-unknown-model',
  'error-foreign-host',
  'generate-suffix-unsupported',
  'error-queue-full',
]) {
  test(`the recording ${name} becomes its error`, () =>
    withoutLeaks(async () => {
      const recording = loadRecordings().find((one) => one.name === name)!;
      await using server = await startReplay({
        ...recording,
        request: { ...recording.request, method: 'POST', path: '/api/generate', headers: {} },
      });
      await using client = clientFor(server.url);
      const error = await failureOf(client.generate({ prompt: 'x' }));
      assert.ok(error instanceof OllamaError, String(error));
      const kinds: Record<string, ErrorKind> = {
        'generate-truncate-false': 'contextExceeded',
        'error-out-of-memory': 'outOfMemory',
        'error-unknown-model': 'modelNotFound',
        'error-foreign-host': 'forbidden',
        'generate-suffix-unsupported': 'unsupported',
        'error-queue-full': 'busy',
      };
      assert.equal(error.kind, kinds[name]);
      if (error instanceof OllamaContextError)
        assert.deepEqual([error.promptTokens, error.contextTokens], [6020, 512]);
    }));
}

test('a prompt that is too long: an error with both numbers, and no reload', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url, { numCtx: 512 });
    await client.prewarm();
    const error = await failureOf(client.generate({ prompt: 'lorem ipsum '.repeat(1000) }));
    assert.ok(error instanceof OllamaContextError && error.status === 400);
    assert.equal(error.contextTokens, 512);
    assert.ok(error.promptTokens > 2000);
    assert.match(error.message, new RegExp(`${error.promptTokens} of 512 tokens`));
    assert.equal(double.loads.length, 1);
  }));

test('done_reason tells "length" from "stop"', () =>
  withoutLeaks(async () => {
    await using double = await startDouble();
    await using client = clientFor(double.url);
    assert.equal((await client.generate({ prompt: 'x' })).doneReason, 'stop');
    const { doneReason, completionTokens } = await client.generate({ prompt: 'x', maxTokens: 3 });
    assert.deepEqual([doneReason, completionTokens], ['length', 3]);
    assert.ok(json);
  }));
