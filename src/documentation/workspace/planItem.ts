/** A page that can be written, and why it is worth writing. */
export interface PlanItem {
  /** Path of the source, relative to the folder, with forward slashes. */
  path: string;
  /** Qualified name, such as `Inventory.add`; undefined for the whole file. */
  symbol?: string;
  /** Counted from 0, both inclusive. */
  lines: { start: number; end: number };
  /** The further declarations of the same name, such as overloads: one page is about all of them. */
  also?: readonly { start: number; end: number }[];
  languageId: string;
  /** A kind of page (`src/prompts/pageKinds.ts`), or `week` or `month` for a summary. */
  kind: string;
  /** Higher first. */
  score: number;
  reasons: readonly Reason[];
  state: ItemState;
}

/** One rule of the score, and its points. */
export interface Reason {
  rule: string;
  points: number;
  /** The counted value. */
  value?: number;
}

export type ItemState = 'missing' | 'stale' | 'current' | 'edited' | 'failed' | 'gone';

/** The files of a folder: VS Code's in the extension, Node's on the command line. */
export interface WorkspaceFiles {
  /** The files that are not ignored; `path` relative to the folder, with forward slashes. */
  list(signal?: AbortSignal): AsyncIterable<{ path: string; size: number }>;
  read(path: string): Promise<Uint8Array>;
}
