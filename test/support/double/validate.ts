import { parseKeepAlive } from './goDuration.ts';
import { decodeGoJson, GoJsonError, quote } from './goJson.ts';
import { Problem } from './problems.ts';

type FieldKind =
  | 'string'
  | 'bool'
  | 'int'
  | 'ints'
  | 'images'
  | 'options'
  | 'messages'
  | 'list'
  | 'keepAlive'
  | 'think'
  | 'any';

interface Shape {
  /** Go's name of the type. */
  name: string;
  fields: Record<string, FieldKind>;
}

const common: Record<string, FieldKind> = {
  model: 'string',
  stream: 'bool',
  format: 'any',
  keep_alive: 'keepAlive',
  options: 'options',
  think: 'think',
  truncate: 'bool',
  shift: 'bool',
};

export const generateShape: Shape = {
  name: 'GenerateRequest',
  fields: {
    ...common,
    prompt: 'string',
    suffix: 'string',
    system: 'string',
    template: 'string',
    context: 'ints',
    raw: 'bool',
    images: 'images',
  },
};

export const chatShape: Shape = {
  name: 'ChatRequest',
  fields: { ...common, messages: 'messages', tools: 'list' },
};

export function modelShape(name: string): Shape {
  return {
    name,
    fields: { model: 'string', name: 'string', stream: 'bool', insecure: 'bool', verbose: 'bool' },
  };
}

/**
 * The body as the server understands it. A field of null counts as absent.
 * @throws Problem 400 with Go's words.
 */
export function decodeBody(text: string, shape: Shape): Record<string, unknown> {
  try {
    const value = decodeGoJson(text);
    if (goType(value) !== 'object') {
      if (value === null) return {};
      throw new GoJsonError(
        `json: cannot unmarshal ${goType(value)} into Go value of type api.${shape.name}`,
      );
    }
    const body = value as Record<string, unknown>;
    for (const [name, field] of Object.entries(body)) checkField(shape, name, field);
    return Object.fromEntries(Object.entries(body).filter(([, field]) => field !== null));
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    throw new Problem(400, error.message === 'EOF' ? 'missing request body' : error.message);
  }
}

function goType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function checkField(shape: Shape, name: string, value: unknown): void {
  const kind = shape.fields[name];
  if (kind === undefined || kind === 'any' || value === null) return;
  checkers[kind](value, `${shape.name}.${name}`);
}

function refuse(value: unknown, path: string, goName: string): never {
  throw new GoJsonError(
    `json: cannot unmarshal ${described(value)} into Go struct field ${path} of type ${goName}`,
  );
}

/** A number that does not fit an integer is shown itself. */
function described(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : goType(value);
}

function scalar(type: 'string' | 'boolean', goName: string): (value: unknown, path: string) => void {
  return (value, path) => {
    if (typeof value !== type) refuse(typeof value === 'number' ? 0 : value, path, goName);
  };
}

function int(value: unknown, path: string): void {
  if (typeof value !== 'number' || !Number.isInteger(value)) refuse(value, path, 'int');
}

function listOf(
  goName: string,
  check?: (value: unknown, path: string) => void,
): (value: unknown, path: string) => void {
  return (value, path) => {
    if (!Array.isArray(value)) refuse(value, path, goName);
    if (check) for (const item of value) check(item, path);
  };
}

const string = scalar('string', 'string');

const checkers: Record<Exclude<FieldKind, 'any'>, (value: unknown, path: string) => void> = {
  string,
  bool: scalar('boolean', 'bool'),
  int,
  ints: listOf('[]int', int),
  images: listOf('[]api.ImageData', image),
  list: listOf('api.Tools'),
  messages: listOf('[]api.Message', message),
  options: (value, path) => {
    if (goType(value) !== 'object') refuse(value, path, 'map[string]interface {}');
  },
  keepAlive: (value) => void parseKeepAlive(value),
  think: (value) => {
    if (
      typeof value === 'boolean' ||
      (typeof value === 'string' && ['high', 'medium', 'low'].includes(value))
    )
      return;
    if (typeof value !== 'string')
      throw new GoJsonError('think must be a boolean or string ("high", "medium", "low", true, or false)');
    throw new GoJsonError(
      `invalid think value: ${quote(value)} (must be "high", "medium", "low", true, or false)`,
    );
  },
};

function image(value: unknown, path: string): void {
  if (typeof value !== 'string') refuse(value, path, '[]uint8');
  const wrong = /[^A-Za-z\d+/=]/.exec(value)?.index;
  if (wrong !== undefined) throw new GoJsonError(`illegal base64 data at input byte ${wrong}`);
}

function message(value: unknown, path: string): void {
  if (goType(value) !== 'object') refuse(value, path, 'api.Message');
  const { role, content } = value as Record<string, unknown>;
  if (role !== undefined && role !== null) string(role, `${path}.role`);
  if (content !== undefined && content !== null) string(content, `${path}.content`);
}

const integers = new Set([
  'num_keep',
  'seed',
  'num_predict',
  'top_k',
  'repeat_last_n',
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
]);
const floats = new Set([
  'top_p',
  'min_p',
  'typical_p',
  'temperature',
  'repeat_penalty',
  'presence_penalty',
  'frequency_penalty',
]);

/**
 * The model options. Unknown ones are ignored.
 * @throws Problem 500, as the server has it.
 */
export function checkOptions(options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === null) continue;
    const wanted = wrongOption(name, value);
    if (wanted !== undefined) throw new Problem(500, `option ${quote(name)} must be of ${wanted}`);
  }
}

function wrongOption(name: string, value: unknown): string | undefined {
  if (integers.has(name)) return typeof value === 'number' ? undefined : 'type integer';
  if (floats.has(name)) return typeof value === 'number' ? undefined : 'type float32';
  if (name === 'use_mmap') return typeof value === 'boolean' ? undefined : 'type boolean';
  if (name !== 'stop') return undefined;
  if (!Array.isArray(value)) return 'type array';
  return value.every((item) => typeof item === 'string') ? undefined : 'an array of strings';
}
