import { isFields, localizable, type LocalizableMessage } from '../ollama/index.ts';

/** The constraints of a setting in package.json. VS Code itself only warns about invalid values. */
export interface SettingSchema {
  type?: string | readonly string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  enum?: readonly unknown[];
  pattern?: string;
  /** Continues a sentence that starts with the setting's name, like our own problems. */
  patternErrorMessage?: string;
}

/** A valid value, and the bounds if it was limited to them. */
export interface UsableValue {
  value: unknown;
  clamped?: { minimum: number; maximum: number };
}

/** A valid value, or what is wrong with it. */
export type Checked = UsableValue | { problem: LocalizableMessage };

/** Reads the schemas of all settings from the manifest, by their full names. */
export function settingSchemas(manifest: unknown): ReadonlyMap<string, SettingSchema> {
  const { contributes } = manifest as {
    contributes: { configuration: { properties: Record<string, SettingSchema> } };
  };
  return new Map(Object.entries(contributes.configuration.properties));
}

/** Validates a value by its schema. A setting without a schema is always invalid. */
export function checkValue(schema: SettingSchema | undefined, raw: unknown): Checked {
  if (!schema) return { problem: localizable('is not known') };
  const value = typeof raw === 'string' ? raw.trim() : raw;
  if (schema.enum?.includes(value)) return { value };
  if (schema.enum) return { problem: localizable('must be one of {0}', schema.enum.join(', ')) };
  const types = [schema.type ?? []].flat();
  if (!types.some((type) => isOfType(value, type))) return { problem: typeProblem(types) };
  if (typeof value === 'number') return inBounds(value, schema);
  return (typeof value === 'string' && textProblem(value, schema)) || { value };
}

function inBounds(value: number, { minimum = -Infinity, maximum = Infinity }: SettingSchema): Checked {
  const bounded = Math.min(Math.max(value, minimum), maximum);
  return bounded === value ? { value } : { value: bounded, clamped: { minimum, maximum } };
}

function textProblem(text: string, schema: SettingSchema): Checked | undefined {
  const { minLength = 0, pattern, patternErrorMessage } = schema;
  if (text.length < minLength) return { problem: localizable('must not be empty') };
  if (pattern === undefined || new RegExp(pattern, 'u').test(text)) return undefined;
  // VS Code has already localized the manifest's message.
  if (patternErrorMessage) return { problem: { template: '{0}', args: [patternErrorMessage] } };
  return { problem: localizable('has characters that it must not have') };
}

/** NaN and infinite numbers are of no type. */
function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isFields(value);
    case 'null':
      return value === null;
    default:
      return typeof value === type;
  }
}

function typeProblem(types: readonly string[]): LocalizableMessage {
  const [first] = types;
  if (types.length !== 1) return localizable('has a value of a kind that cannot be used');
  switch (first) {
    case 'integer':
      return localizable('must be a whole number');
    case 'number':
      return localizable('must be a number');
    case 'boolean':
      return localizable('must be true or false');
    case 'array':
      return localizable('must be a list');
    case 'object':
      return localizable('must be an object of names and values');
    default:
      return localizable('must be a text');
  }
}
