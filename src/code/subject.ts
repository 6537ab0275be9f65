/**
 * What a question is about: a piece of one document, with the whole document around it.
 * Lines are counted from 1 and `lastLine` belongs to the piece.
 */
export interface Subject {
  kind: 'selection' | 'symbol' | 'file';
  /** The symbol's name; for a selection or a file, the file's name. */
  name: string;
  /** Of a symbol: `class`, `function`, `method`, ... in lower case. */
  symbolKind?: string;
  /** Relative to the workspace, with forward slashes, or the bare file name: never tells a home folder. */
  path: string;
  /** VS Code's language id. */
  languageId: string;
  firstLine: number;
  lastLine: number;
  /** Exactly the text asked about; a selection may begin and end inside a line. */
  code: string;
  fileText: string;
}
