import { OllamaError } from '../http/errors.ts';

/** Fields that not every server knows. Without them, the request still means the same. */
const optionalFields = [
  'stream_options',
  'max_tokens',
  'temperature',
  'reasoning_effort',
  'chat_template_kwargs',
  'priority',
] as const;

export type OptionalField = (typeof optionalFields)[number];

/** What only some models and servers can do, as refusals show. */
export type Ability = 'tools' | 'images' | 'infill';

/** Texts for an unknown field, not for an invalid value. */
const unknownField =
  /unsupported|not supported|does(?: not|n't) support|unrecogni[sz]ed|unknown|unexpected|not (?:permitted|allowed|enabled)|extra (?:inputs|fields)|no such (?:field|parameter)/i;
/**
 * For these fields, a refused value counts as an unknown field, because another value would mean something
 * else.
 */
const ofFixedValues: ReadonlySet<OptionalField> = new Set(['reasoning_effort', 'chat_template_kwargs']);

/**
 * Remembers the fields that servers have refused for their models, so that they are not sent again, and what they
 * have said that they cannot do.
 */
export class FieldSupport {
  private readonly refused = new Map<string, Set<OptionalField | Ability>>();

  has(address: string, model: string, what: OptionalField | Ability): boolean {
    return this.refused.get(keyOf(address, model))?.has(what) ?? false;
  }

  refuse(address: string, model: string, what: OptionalField | Ability): void {
    const key = keyOf(address, model);
    this.refused.set(key, (this.refused.get(key) ?? new Set()).add(what));
  }

  /** Forgets a server: it has stopped, and may be started with other options. */
  forget(address: string): void {
    for (const key of this.refused.keys()) if (key.startsWith(keyOf(address, ''))) this.refused.delete(key);
  }

  /**
   * Learns from a refused request which of its fields the server does not know.
   * @returns the field, if the same request without it may succeed
   */
  learn(address: string, model: string, body: object, error: unknown): OptionalField | undefined {
    if (!(error instanceof OllamaError) || (error.status !== 400 && error.status !== 422)) return undefined;
    const text = error.cause instanceof Error ? error.cause.message : '';
    const field = optionalFields.find((name) => name in body && isRefused(name, text));
    if (field === undefined) return undefined;
    this.refuse(address, model, field);
    return field;
  }
}

function isRefused(field: OptionalField, text: string): boolean {
  if (!new RegExp(String.raw`\b${field}\b`).test(text)) return false;
  return unknownField.test(text) || ofFixedValues.has(field);
}

function keyOf(address: string, model: string): string {
  return `${address} ${model}`;
}
