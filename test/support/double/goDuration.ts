import { GoJsonError, quote } from './goJson.ts';

/** Milliseconds in each of Go's units. */
const units: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Go's `time.ParseDuration`, in ms.
 * @throws GoJsonError in Go's words.
 */
export function parseGoDuration(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw new GoJsonError(`time: invalid duration ${quote(text)}`);
  let total = 0;
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw new GoJsonError(`time: invalid duration ${quote(text)}`);
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)![0];
    if (unit === '') throw new GoJsonError(`time: missing unit in duration ${quote(text)}`);
    const factor = units[unit];
    if (factor === undefined)
      throw new GoJsonError(`time: unknown unit ${quote(unit)} in duration ${quote(text)}`);
    total += Number(number) * factor;
    rest = rest.slice(unit.length);
  }
  return sign * total;
}

/**
 * keep_alive in ms: numbers are seconds, strings need a unit, negative means for ever.
 * Undefined where the request leaves it to the server.
 */
export function parseKeepAlive(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' && typeof value !== 'string') {
    const type =
      typeof value === 'boolean'
        ? 'bool'
        : Array.isArray(value)
          ? '[]interface {}'
          : 'map[string]interface {}';
    throw new GoJsonError(`Unsupported type: '${type}'`);
  }
  const ms = typeof value === 'number' ? value * 1000 : parseGoDuration(value);
  return ms < 0 ? Infinity : ms;
}
