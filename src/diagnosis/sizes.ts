/** Bytes as gigabytes (10^9, as `ollama list` has them), with one digit after the point below 10. */
export function gigabytes(bytes: number): string {
  const size = bytes / 1e9;
  return size.toFixed(size < 10 ? 1 : 0);
}
