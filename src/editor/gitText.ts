/** How the texts of files are read that are not UTF-8. */
export interface FileTexts {
  /** As the editor would show it. */
  decode(bytes: Uint8Array, path: string): Promise<string>;
  /** Whether the editor takes the file for UTF-16, which Git takes for binary. */
  isUtf16(path: string): boolean;
}

/** A byte string as the name that it is; nearly all systems have names in UTF-8. */
export function nameOf(path: string): string {
  return new TextDecoder().decode(Buffer.from(path, 'latin1'));
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 where it is valid, else as the editor has it. */
export async function textOf(bytes: Uint8Array, path: string, texts: FileTexts): Promise<string> {
  try {
    return strict.decode(bytes);
  } catch {
    return texts.decode(bytes, path);
  }
}

/** The byte-order mark of UTF-16, in either order. */
export function hasUtf16Mark([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** Without a byte-order mark, and without the end of the last line. */
export function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
