import type { TextChange } from './reanchor.ts';

interface Insertion {
  fileText: string;
  /** Offset of the cursor. */
  offset: number;
  eol: '\n' | '\r\n';
}

/** Where a text is inserted at the cursor. */
interface Gap {
  /** The white space at the start of the cursor's line. */
  indentation: string;
  /** The change that inserts a text. */
  change(text: string): TextChange;
}

/**
 * Where to insert at a cursor: in an empty line, or in a new line below any other line. Changes only the
 * text's line breaks.
 */
export function gapAt({ fileText, offset, eol }: Insertion): Gap {
  const start = offset === 0 ? 0 : fileText.lastIndexOf('\n', offset - 1) + 1;
  const next = fileText.slice(offset).search(/\r?\n/);
  const end = next < 0 ? fileText.length : offset + next;
  const line = fileText.slice(start, end);
  const indentation = /^[ \t]*/.exec(line)![0];
  const isBlank = line.trim() === '';
  return {
    indentation,
    change: (text) => {
      const lines = text.replaceAll(/\r?\n/g, eol);
      return isBlank ? { start, end, text: lines } : { start: end, end, text: eol + lines };
    },
  };
}
