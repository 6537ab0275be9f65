/** A JSON value with sorted keys in all objects, so that equal values become the same bytes. */
export function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  const sorted = entries.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return Object.fromEntries(sorted.map(([key, inner]) => [key, withSortedKeys(inner)]));
}
