import { OllamaError } from '../http/errors.ts';
import { wantsTwoRoles } from './twoRoles.ts';

/** Fields that not every server knows. Without them, the request still means the same. */
const optionalFields = [
  'stream_options',
  'max_tokens',
  'temperature',
  'reasoning_effort',
  'chat_template_kwargs',
  'priority',
] as const;

/** Also the role of the system prompt, which can be a part of the user's message. */
export type OptionalField = (typeof optionalFields)[number] | 'system_role';

/** What only some models and servers can do, as refusals show. */
export type Ability = 'tools' | 'images' | 'infill';

/** Texts for an unknown field, not for an invalid value. */
const unknownField =
  /unsupported|not supported|does(?: not|n't) support|unrecogni[sz]ed|unknown|unexpected|not (?:permitted|allowed|enabled)|extra (?:inputs|fields)|no such (?:field|parameter)/i;
/**
 * For these fields, a refused value counts as an unknown field, because another value would mean something
 * else.
 */
const ofFixedValues: ReadonlySet<(typeof optionalFields)[number]> = new Set([
  'reasoning_effort',
  'chat_template_kwargs',
]);

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
    // llama-server reports errors of templates with 500.
    if (!(error instanceof OllamaError) || ![400, 422, 500].includes(error.status ?? 0)) return undefined;
    const text = error.cause instanceof Error ? error.cause.message : '';
    const isOfRoles = wantsTwoRoles(text) && 'messages' in body && !this.has(address, model, 'system_role');
    const known = error.status === 500 ? [] : optionalFields;
    const field = isOfRoles ? 'system_role' : known.find((name) => name in body && isRefused(name, text));
    if (field === undefined) return undefined;
    this.refuse(address, model, field);
    return field;
  }
}

function isRefused(field: (typeof optionalFields)[number], text: string): boolean {
  if (!new RegExp(String.raw`\b${field}\b`).test(text)) return false;
  return unknownField.test(text) || ofFixedValues.has(field);
}

function keyOf(address: string, model: string): string {
  return `${address} ${model}`;
}
