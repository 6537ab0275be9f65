import { OllamaError } from '../http/errors.ts';

/** Fields of a request that not every server knows, and without which it still asks the same. */
const optionalFields = [
  'stream_options',
  'max_tokens',
  'temperature',
  'reasoning_effort',
  'chat_template_kwargs',
  'priority',
] as const;

export type OptionalField = (typeof optionalFields)[number];

/** Words by which a server says that it does not know a field, not that its value is wrong. */
const unknownField =
  /unsupported|not supported|does(?: not|n't) support|unrecogni[sz]ed|unknown|unexpected|not (?:permitted|allowed|enabled)|extra (?:inputs|fields)|no such (?:field|parameter)/i;
/** Of these, every value that the server does not have counts: another one would say something else. */
const ofFixedValues: ReadonlySet<OptionalField> = new Set(['reasoning_effort', 'chat_template_kwargs']);

/** What servers have refused of the requests to their models, so that it is not sent again. */
export class FieldSupport {
  private readonly refused = new Map<string, Set<OptionalField>>();

  has(address: string, model: string, field: OptionalField): boolean {
    return this.refused.get(keyOf(address, model))?.has(field) ?? false;
  }

  /**
   * Learns from the refusal of a request which of its fields the server does not know.
   * @returns whether the same request without it may succeed
   */
  learn(address: string, model: string, body: object, error: unknown): OptionalField | undefined {
    if (!(error instanceof OllamaError) || (error.status !== 400 && error.status !== 422)) return undefined;
    const text = error.cause instanceof Error ? error.cause.message : '';
    const field = optionalFields.find((name) => name in body && isRefused(name, text));
    if (field === undefined) return undefined;
    const known = this.refused.get(keyOf(address, model)) ?? new Set();
    this.refused.set(keyOf(address, model), known.add(field));
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
