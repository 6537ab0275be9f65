import { isFields } from '../../ollama/index.ts';
import { isAnnotation } from './schemaKeywords.ts';

/** A JSON object. */
type Fields = Readonly<Record<string, unknown>>;

/** Whether a value satisfies a keyword. */
type Rule = (value: unknown, wanted: unknown, context: Context) => boolean;

interface Context {
  /** The schema that has the keyword. */
  schema: Fields;
  /** The root schema, for references. */
  whole: unknown;
  /** Shared by one check: how many schemas may still be checked, and the current depth. */
  effort: { left: number; depth: number };
}

/**
 * Most schemas of one check, and the largest depth. References in a circle end here; the value is rejected
 * then.
 */
const mostEffort = 50_000;
const mostDepth = 100;
/** Longest text that is matched against a pattern. */
const mostPatternChars = 10_000;

/**
 * Whether a value fits a JSON schema, by the keywords that tools use. A schema with any other keyword fits
 * nothing, because its meaning is unknown.
 */
export function fitsSchema(schema: unknown, value: unknown): boolean {
  const effort = { left: mostEffort, depth: 0 };
  return fits(schema, value, { whole: schema, effort }) && effort.left > 0;
}

function fits(schema: unknown, value: unknown, { whole, effort }: Omit<Context, 'schema'>): boolean {
  if (typeof schema === 'boolean') return schema;
  return (
    isFields(schema) &&
    goDeeper(effort, () =>
      Object.entries(schema).every(([keyword, wanted]) => {
        if (isAnnotation(keyword)) return true;
        const rule = Object.hasOwn(rules, keyword) ? rules[keyword] : undefined;
        return rule !== undefined && rule(value, wanted, { schema, whole, effort });
      }),
    )
  );
}

/** Checks one more schema. Above the limits, every check fails. */
function goDeeper(effort: Context['effort'], check: () => boolean): boolean {
  effort.left--;
  effort.depth++;
  if (effort.depth > mostDepth) effort.left = 0;
  const result = effort.left > 0 && check();
  effort.depth--;
  return result;
}

const rules: Readonly<Record<string, Rule>> = {
  type: (value, wanted, { schema }) =>
    [wanted].flat().some((type) => isOfType(value, type)) || (value === null && schema['nullable'] === true),
  // OpenAPI's way to allow null.
  nullable: (_value, wanted) => typeof wanted === 'boolean',
  enum: (value, wanted) => Array.isArray(wanted) && wanted.some((one) => isSame(one, value)),
  const: (value, wanted) => isSame(wanted, value),
  properties: (value, wanted, context) =>
    isFields(wanted) &&
    (!isFields(value) ||
      Object.entries(wanted).every(
        ([name, schema]) => !Object.hasOwn(value, name) || fits(schema, value[name], context),
      )),
  required: (value, wanted) => Array.isArray(wanted) && (!isFields(value) || hasAll(value, wanted)),
  additionalProperties: (value, wanted, context) => {
    const { properties = {}, patternProperties = {} } = context.schema;
    if (!isFields(patternProperties) || !isFields(properties)) return false;
    if (!isFields(value)) return true;
    const patterns = Object.keys(patternProperties);
    const others = Object.keys(value).filter(
      (name) => !Object.hasOwn(properties, name) && !patterns.some((pattern) => matches(name, pattern)),
    );
    return others.every((name) => fits(wanted, value[name], context));
  },
  patternProperties: (value, wanted, context) =>
    isFields(wanted) &&
    Object.entries(wanted).every(
      ([pattern, schema]) =>
        isPattern(pattern) &&
        (!isFields(value) ||
          Object.keys(value).every((name) => !matches(name, pattern) || fits(schema, value[name], context))),
    ),
  dependentRequired: (value, wanted) =>
    isFields(wanted) &&
    (!isFields(value) ||
      Object.entries(wanted).every(([name, others]) => !Object.hasOwn(value, name) || hasAll(value, others))),
  propertyNames: (value, wanted, context) =>
    !isFields(value) || Object.keys(value).every((name) => fits(wanted, name, context)),
  minProperties: bound(sizeOf, (size, least) => size >= least),
  maxProperties: bound(sizeOf, (size, most) => size <= most),
  items: (value, wanted, context) =>
    !Array.isArray(wanted) && (!Array.isArray(value) || value.every((one) => fits(wanted, one, context))),
  minItems: bound(itemsOf, (items, least) => items >= least),
  maxItems: bound(itemsOf, (items, most) => items <= most),
  uniqueItems: (value, wanted) =>
    typeof wanted === 'boolean' && (!wanted || !Array.isArray(value) || hasNoPair(value)),
  minLength: bound(charsOf, (chars, least) => chars >= least),
  maxLength: bound(charsOf, (chars, most) => chars <= most),
  pattern: (value, wanted) => typeof value !== 'string' || matches(value, wanted),
  minimum: bound(numberOf, (number, least) => number >= least),
  maximum: bound(numberOf, (number, most) => number <= most),
  exclusiveMinimum: bound(numberOf, (number, least) => number > least),
  exclusiveMaximum: bound(numberOf, (number, most) => number < most),
  multipleOf: bound(numberOf, (number, step) => step > 0 && isMultiple(number, step)),
  anyOf: (value, wanted, context) => countOf(value, wanted, context) > 0,
  oneOf: (value, wanted, context) => countOf(value, wanted, context) === 1,
  allOf: (value, wanted, context) =>
    Array.isArray(wanted) && wanted.every((schema) => fits(schema, value, context)),
  not: (value, wanted, context) => isUnderstood(wanted, context) && !fits(wanted, value, context),
  $ref: (value, wanted, context) => {
    const target = targetOf(wanted, context.whole);
    return target !== undefined && fits(target, value, context);
  },
};

/** A rule for a number that is measured on a value. Values without such a number always fit. */
function bound(
  measure: (value: unknown) => number | undefined,
  isWithin: (measured: number, limit: number) => boolean,
): Rule {
  return (value, wanted) => {
    if (typeof wanted !== 'number') return false;
    const measured = measure(value);
    return measured === undefined || isWithin(measured, wanted);
  };
}

/** Decimal fractions are not exact: 0.07 / 0.01 is 7.000000000000001. */
function isMultiple(number: number, step: number): boolean {
  const count = number / step;
  return Math.abs(count - Math.round(count)) <= Number.EPSILON * Math.max(1, Math.abs(count)) * 4;
}

function sizeOf(value: unknown): number | undefined {
  return isFields(value) ? Object.keys(value).length : undefined;
}

function hasAll(value: Fields, names: unknown): boolean {
  return Array.isArray(names) && names.every((name) => Object.hasOwn(value, String(name)));
}

function itemsOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

/** In characters, as the specification counts. */
function charsOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Array.from(value).length : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function countOf(value: unknown, schemas: unknown, context: Context): number {
  // With an unknown alternative, the number of fitting ones is unknown.
  if (!Array.isArray(schemas) || !schemas.every((schema) => isUnderstood(schema, context))) return 0;
  return schemas.filter((schema) => fits(schema, value, context)).length;
}

/**
 * Whether a schema has only known keywords. A negated schema must not fit just because a keyword is unknown.
 */
function isUnderstood(schema: unknown, context: Context): boolean {
  if (typeof schema === 'boolean') return true;
  return (
    isFields(schema) &&
    goDeeper(context.effort, () =>
      Object.entries(schema).every(
        ([keyword, wanted]) =>
          isAnnotation(keyword) ||
          (Object.hasOwn(rules, keyword) &&
            schemasIn(keyword, wanted, context).every((one) => isUnderstood(one, context))),
      ),
    )
  );
}

/** The schemas in a keyword. */
function schemasIn(keyword: string, wanted: unknown, { whole }: Context): readonly unknown[] {
  switch (keyword) {
    case 'properties':
    case 'patternProperties':
      return isFields(wanted) ? Object.values(wanted) : [undefined];
    case 'items':
    case 'additionalProperties':
    case 'propertyNames':
    case 'not':
      return [wanted];
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return Array.isArray(wanted) ? wanted : [undefined];
    case '$ref':
      return [targetOf(wanted, whole)];
    default:
      return [];
  }
}

/** The part of the schema that a reference names, such as `#/$defs/range`. */
function targetOf(reference: unknown, whole: unknown): unknown {
  if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference)) return undefined;
  let target: unknown = whole;
  for (const step of reference.split('/').slice(1)) {
    const name = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, name)) return undefined;
    target = (target as Fields)[name];
  }
  return target;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function matches(text: string, pattern: unknown): boolean {
  return text.length <= mostPatternChars && (expressionOf(pattern)?.test(text) ?? false);
}

function isPattern(pattern: unknown): boolean {
  return expressionOf(pattern) !== undefined;
}

/** Many schemas escape characters that need none, which is an error in Unicode mode. */
function expressionOf(pattern: unknown): RegExp | undefined {
  for (const flags of ['u', '']) {
    try {
      return typeof pattern === 'string' ? new RegExp(pattern, flags) : undefined;
    } catch {}
  }
  return undefined;
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object':
      return isFields(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    default:
      return false;
  }
}

function hasNoPair(items: readonly unknown[]): boolean {
  return items.every((one, index) => !items.slice(0, index).some((other) => isSame(one, other)));
}

/** Equal as JSON: the order of keys does not count. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) || Array.isArray(other))
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isSame(item, other[index]))
    );
  if (!isFields(one) || !isFields(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
  );
}
