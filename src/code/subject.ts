/**
 * The subject of a question: a part of one document, with the whole document. Lines are counted from 1, and
 * `lastLine` is included.
 */
export interface Subject {
  kind: 'selection' | 'symbol' | 'file';
  /** The symbol's name; for a selection or a file, the name of the file. */
  name: string;
  /** For a symbol: `class`, `function`, `method`, ... in lower case. */
  symbolKind?: string;
  /** Relative to the workspace with forward slashes, or only the file name. Never contains a home folder. */
  path: string;
  /** VS Code's language id. */
  languageId: string;
  firstLine: number;
  lastLine: number;
  /** Exactly the text asked about. A selection may start and end inside a line. */
  code: string;
  /** Further declarations of the same symbol, such as overloads, which belong to the subject too. */
  also?: readonly SubjectPart[];
  fileText: string;
}

/** A further part of a subject, in whole lines. */
export type SubjectPart = Pick<Subject, 'firstLine' | 'lastLine' | 'code'>;

/** The subject's parts in the order of the file. */
export function partsOf({ firstLine, lastLine, code, also = [] }: Subject): SubjectPart[] {
  return [{ firstLine, lastLine, code }, ...also].toSorted((one, other) => one.firstLine - other.firstLine);
}
