/**
 * From a server's response to an error. The texts of llama-server are recorded; those of vLLM, LM Studio,
 * TGI, SGLang, LiteLLM and OpenAI are from their sources and from bug reports.
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
  OllamaTimeoutError,
  type ErrorKind,
} from '../../../src/ollama/index.ts';
import { classify } from '../../../src/openai/errors/classify.ts';
import { loadOpenAIRecordings } from '../../support/double/index.ts';
import { recordedAnswer } from '../../support/double/wireClient.ts';

const classified = (status: number | undefined, body: unknown): OllamaError =>
  classify({
    status,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    origin: 'http://h:1',
    path: '/v1/chat/completions',
    model: 'm',
  });
const error = (message: unknown, more: object = {}): object => ({ error: { message, ...more } });

const contexts: [server: string, status: number, body: unknown, prompt: number, window: number][] = [
  [
    'vLLM',
    400,
    {
      object: 'error',
      message:
        "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion). Please reduce the length of the messages or completion.",
      type: 'BadRequestError',
      code: 400,
    },
    112_946,
    16_384,
  ],
  [
    'vLLM, the prompt alone',
    400,
    error(
      "This model's maximum context length is 2048 tokens. However, your request has 3000 input tokens. Please reduce the length of the input messages.",
    ),
    3000,
    2048,
  ],
  [
    'vLLM, the answer alone',
    400,
    error(
      "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 65536 tokens and your request has 63366 input tokens (4096 > 65536 - 63366).",
    ),
    63_366,
    65_536,
  ],
  [
    'vLLM, newer',
    400,
    error(
      "You passed 12289 input tokens and requested 4096 output tokens. However, the model's context length is only 16384 tokens, resulting in a maximum input length of 12288 tokens. Please reduce the length of the input prompt.",
    ),
    12_289,
    16_384,
  ],
  [
    'LM Studio',
    400,
    {
      error:
        'Trying to keep the first 14538 tokens when context the overflows. However, the model is loaded with context length of only 2048 tokens, which is not enough. Try to load the model with a larger context length, or provide a shorter input',
    },
    14_538,
    2048,
  ],
  [
    'LM Studio, newer',
    400,
    {
      error:
        'The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length, or provide a shorter input.',
    },
    13_055,
    4096,
  ],
  [
    'TGI',
    422,
    {
      error:
        'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1244 `inputs` tokens and 1000 `max_new_tokens`',
      error_type: 'validation',
    },
    1244,
    2048,
  ],
  [
    'TGI, the prompt alone',
    422,
    { error: 'Input validation error: `inputs` must have less than 1024 tokens. Given: 1168' },
    1168,
    1024,
  ],
  [
    'SGLang',
    400,
    {
      object: 'error',
      message: "The input (61709 tokens) is longer than the model's context length (40960 tokens).",
      type: 'BadRequestError',
      code: 400,
    },
    61_709,
    40_960,
  ],
  [
    'SGLang, with the answer',
    400,
    {
      object: 'error',
      message:
        "Requested token count exceeds the model's maximum context length of 202752 tokens. You requested a total of 202941 tokens: 170941 tokens from the input messages and 32000 tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit.",
    },
    170_941,
    202_752,
  ],
  [
    'SGLang, the memory',
    400,
    error('Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens).'),
    160_062,
    59_862,
  ],
  [
    'LiteLLM',
    400,
    error(
      "litellm.ContextWindowExceededError: litellm.BadRequestError: ContextWindowExceededError: OpenAIException - This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      { type: null, code: '400' },
    ),
    9000,
    8192,
  ],
  ['OpenAI', 400, error('Your input is too large.', { code: 'context_length_exceeded' }), 0, 0],
  [
    'OpenAI, newer',
    400,
    error('Your input exceeds the context window of this model. Please adjust it.'),
    0,
    0,
  ],
  ['Anthropic', 400, error('prompt is too long: 210000 tokens > 200000 maximum'), 210_000, 200_000],
  [
    'Gemini',
    400,
    error('The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'),
    1_200_000,
    1_048_576,
  ],
  [
    'Mistral',
    400,
    error(
      'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    ),
    40_000,
    32_768,
  ],
  ['llama-cpp-python', 400, error('Requested tokens (4000) exceed context window of 2048'), 4000, 2048],
  ['TensorRT-LLM', 400, error('Prompt length (5000) exceeds maximum input length (4096).'), 5000, 4096],
  ['Bedrock', 400, { message: 'Input is too long for requested model.' }, 0, 0],
  ['Groq', 413, error('Please reduce the length of the messages or completion.'), 0, 0],
];

for (const [server, status, body, prompt, window] of contexts)
  test(`a prompt that is too long, in the words of ${server}`, () => {
    const found = classified(status, body);
    assert.ok(found instanceof OllamaContextError, found.message);
    assert.deepEqual(
      [found.kind, found.promptTokens, found.contextTokens],
      ['contextExceeded', prompt, window],
    );
    assert.match(found.message, prompt > 0 ? /does not fit .*\d+ of \d+/ : /does not fit/);
  });

type Class = abstract new (...args: never[]) => OllamaError;

const others: [status: number | undefined, body: unknown, type: Class, kind: ErrorKind][] = [
  [
    404,
    error('The model `x` does not exist.', { type: 'NotFoundError' }),
    OllamaModelNotFoundError,
    'modelNotFound',
  ],
  [
    400,
    error({ error: '/chat/completions: Invalid model name passed in model=x. Call `/v1/models`' }),
    OllamaModelNotFoundError,
    'modelNotFound',
  ],
  [
    404,
    error('No models loaded. Please load a model in the developer page.'),
    OllamaModelNotFoundError,
    'modelNotFound',
  ],
  [404, error('x', { code: 'model_not_found' }), OllamaModelNotFoundError, 'modelNotFound'],
  [401, error('Invalid API Key'), OllamaError, 'unauthorized'],
  [401, { error: 'Unauthorized' }, OllamaError, 'unauthorized'],
  [403, error('no'), OllamaError, 'forbidden'],
  [404, error('File Not Found', { type: 'not_found_error' }), OllamaProtocolError, 'notOllama'],
  [404, { detail: 'Not Found' }, OllamaProtocolError, 'notOllama'],
  [405, { detail: 'Method Not Allowed' }, OllamaProtocolError, 'notOllama'],
  [404, '<html>', OllamaProtocolError, 'notOllama'],
  [422, { detail: [{ loc: ['body', 'messages'], msg: 'field required' }] }, OllamaError, 'badRequest'],
  [429, error('Model is overloaded', { type: 'overloaded' }), OllamaError, 'busy'],
  [429, error('You exceeded your current quota', { code: 'insufficient_quota' }), OllamaError, 'quota'],
  [400, error('Budget has been exceeded! Current cost: 1'), OllamaError, 'quota'],
  [503, error('Loading model', { type: 'unavailable_error' }), OllamaError, 'busy'],
  [503, '', OllamaError, 'busy'],
  [529, error('Overloaded', { type: 'overloaded_error' }), OllamaError, 'busy'],
  [503, '<html><h1>503 Service Temporarily Unavailable</h1><hr>nginx</html>', OllamaError, 'busy'],
  [503, { error: 'Model is overloaded', error_type: 'overloaded' }, OllamaError, 'busy'],
  [404, { error: 'model not found: x' }, OllamaModelNotFoundError, 'modelNotFound'],
  [413, '<html><h1>413 Request Entity Too Large</h1>nginx</html>', OllamaError, 'badRequest'],
  [530, '<html>error code: 1033</html>', OllamaConnectionError, 'gateway'],
  [500, 'Internal Server Error', OllamaError, 'server'],
  [500, '<html>Internal Server Error</html>', OllamaProtocolError, 'notOllama'],
  [500, { detail: 'Internal Server Error' }, OllamaError, 'server'],
  [501, error('Infill is not supported by this model.'), OllamaError, 'unsupported'],
  [400, error('suffix is not currently supported'), OllamaError, 'unsupported'],
  [
    400,
    error('"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
    OllamaError,
    'unsupported',
  ],
  [400, error('At most 0 image(s) may be provided in one request.'), OllamaError, 'unsupported'],
  [500, error('EngineCore encountered an issue.'), OllamaModelError, 'runnerDied'],
  [500, error('CUDA out of memory. Tried to allocate 2.00 GiB'), OllamaModelError, 'runnerDied'],
  [500, error('Failed to parse input at pos 3'), OllamaError, 'unparsable'],
  [500, error('the sky fell down'), OllamaError, 'server'],
  [502, '<html>', OllamaConnectionError, 'gateway'],
  [504, '', OllamaTimeoutError, 'gatewayTimeout'],
  [undefined, error('the sky fell down'), OllamaError, 'server'],
  [undefined, { object: 'error', message: 'gone' }, OllamaError, 'server'],
];

for (const [status, body, type, kind] of others)
  test(`${status ?? 'in a stream'}: ${JSON.stringify(body).slice(0, 90)} is ${kind}`, () => {
    const found = classified(status, body);
    assert.ok(found instanceof type, found.message);
    assert.equal(found.kind, kind, found.message);
    assert.match(found.message, /^\S.*\.$/);
    assert.doesNotMatch(found.message, /Ollama/);
  });

test('every recorded refusal becomes an error with its own message', () => {
  const kinds = loadOpenAIRecordings().flatMap((recording) => {
    const { status, body } = recordedAnswer(recording);
    return status < 400 ? [] : [[recording.name, classified(status, body).kind]];
  });
  assert.deepEqual(Object.fromEntries(kinds), {
    'chat-image-unsupported': 'unsupported',
    'embeddings-unsupported': 'unsupported',
    'error-context-exceeded': 'contextExceeded',
    'error-empty-body': 'server',
    'error-malformed-json': 'server',
    'error-max-tokens-type': 'badRequest',
    'error-no-messages': 'badRequest',
    'error-not-found-path': 'notOllama',
    'error-temperature-type': 'badRequest',
    'error-without-key': 'unauthorized',
    'error-wrong-key': 'unauthorized',
    'error-wrong-method': 'notOllama',
    'ollama-path-generate': 'notOllama',
    'ollama-path-tags': 'notOllama',
  });
});
