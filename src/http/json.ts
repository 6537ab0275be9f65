export type Fields = Record<string, unknown>;

/** Whether a JSON value is an object (not an array, not null). */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An `error` field as text. Ollama sends a string; some gateways send an object. */
export function errorText(error: unknown): string {
  if (typeof error === 'string') return error;
  if (isFields(error) && typeof error['message'] === 'string') return error['message'];
  return JSON.stringify(error) ?? 'unknown error';
}

/** Parses a JSON text; `undefined` when it is invalid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
