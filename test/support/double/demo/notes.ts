/** A function, method or class, and what there is to say about it. */
export interface Part {
  name: string;
  /** One or two sentences. */
  text: string;
  /** Of a function: what goes in and comes out, how it works, what goes wrong. */
  io?: string;
  how?: string;
  errors?: string;
}

export interface Defect {
  title: string;
  /** Names of the parts it lies in. */
  parts: string[];
  text: string;
  fix: string;
}

/** All that is known about a piece of code; every answer of the demo is made from it. */
export interface Notes {
  /** False where a search in the text is all there is: then nothing may sound as if code had been understood. */
  known: boolean;
  /** Tag of its code blocks. */
  language: string;
  purpose: string;
  /** In the order of the code; the first may stand for the whole. */
  parts: Part[];
  patterns: string;
  relations: string;
  errors: string;
  usage: string;
  defect?: Defect;
  /** What an edit changes: each old piece of code, and the new one. */
  edits: [before: string, after: string][];
  improvements: { title: string; text: string; code?: string }[];
  tests: { code: string; missing: string };
  comments: Record<string, string>;
  commit: string;
}
