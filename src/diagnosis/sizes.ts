/** Bytes as gigabytes (10^9, as in `ollama list`), with one decimal below 10. */
export function gigabytes(bytes: number): string {
  const size = bytes / 1e9;
  return size.toFixed(size < 10 ? 1 : 0);
}
