import type { TextChange } from './reanchor.ts';

interface Insertion {
  fileText: string;
  /** Where the cursor is. */
  offset: number;
  eol: '\n' | '\r\n';
}

/** Where a text goes that is inserted at the cursor. */
interface Gap {
  /** The blanks that the line of the cursor begins with. */
  indentation: string;
  /** The change that puts a text there. */
  change(text: string): TextChange;
}

/**
 * The gap at a cursor: a blank line takes the text; below any other line, a new one does. The text is taken
 * as it is, but for its ends of lines.
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
