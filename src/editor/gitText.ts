/** How to read texts that are not UTF-8. */
export interface FileTexts {
  /** Decodes bytes as the editor would. */
  decode(bytes: Uint8Array, path: string): Promise<string>;
  /** Whether the editor reads the file as UTF-16, which Git treats as binary. */
  isUtf16(path: string): boolean;
}

/** Decodes a path that is given as a byte string. Nearly all systems use UTF-8 for names. */
export function nameOf(path: string): string {
  return new TextDecoder().decode(Buffer.from(path, 'latin1'));
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes as UTF-8 if valid, else as the editor does. */
export async function textOf(bytes: Uint8Array, path: string, texts: FileTexts): Promise<string> {
  try {
    return strict.decode(bytes);
  } catch {
    return texts.decode(bytes, path);
  }
}

/** Whether a text starts with a UTF-16 byte-order mark. */
export function hasUtf16Mark([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

/** The lines of a text, without its byte-order mark and its last line break. */
export function linesOf(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
