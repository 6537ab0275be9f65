/** A function, method or class, with a description. */
export interface Part {
  name: string;
  /** One or two sentences. */
  text: string;
  /** For a function: its inputs, outputs, steps and errors. */
  io?: string;
  how?: string;
  errors?: string;
}

export interface Defect {
  title: string;
  /** Names of the parts that contain it. */
  parts: string[];
  text: string;
  fix: string;
}

/** Everything known about a piece of code. All answers of the demo are made from it. */
export interface Notes {
  /** False when only the text was searched. Then no answer may claim to understand the code. */
  known: boolean;
  /** Language tag of its code blocks. */
  language: string;
  purpose: string;
  /** In the order of the code. The first may be the whole file. */
  parts: Part[];
  patterns: string;
  relations: string;
  errors: string;
  usage: string;
  defect?: Defect;
  /** The changes of an edit: old and new code. */
  edits: [before: string, after: string][];
  improvements: { title: string; text: string; code?: string }[];
  tests: { code: string; missing: string };
  comments: Record<string, string>;
  commit: string;
}
