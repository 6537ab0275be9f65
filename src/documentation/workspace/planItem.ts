/** A page that can be written, with why it is worth it. */
export interface PlanItem {
  /** Of the source, relative to the folder, with forward slashes. */
  path: string;
  /** Qualified name, such as `Inventory.add`; absent for the whole file. */
  symbol?: string;
  /** Counted from 0, both inclusive. */
  lines: { start: number; end: number };
  languageId: string;
  /** A kind of page (`src/prompts/pageKinds.ts`), or `week` or `month` for a summary. */
  kind: string;
  /** Higher first. */
  score: number;
  reasons: readonly Reason[];
  state: ItemState;
}

/** One rule of the score, and what it gave. */
export interface Reason {
  rule: string;
  points: number;
  /** What was counted. */
  value?: number;
}

export type ItemState = 'missing' | 'stale' | 'current' | 'edited' | 'failed' | 'gone';

/** The files of a folder: VS Code's in the extension, Node's on the command line. */
export interface WorkspaceFiles {
  /** What the ignore rules leave; `path` relative to the folder, with forward slashes. */
  list(signal?: AbortSignal): AsyncIterable<{ path: string; size: number }>;
  read(path: string): Promise<Uint8Array>;
}
