/** What is known of the models of one family: how they were trained to fill in between two texts. */
export interface InfillFamily {
  id: string;
  /** Which of the two the format has first: the later one is read again whenever anything before it changes. */
  order: 'prefix-first' | 'suffix-first';
  /** A raw prompt: other files (already rendered), the path of this one, and the text before and after the cursor. */
  render: (parts: InfillParts) => string;
  /** Other files as the family was trained with them; undefined where it never saw any. */
  renderNeighbors?: (neighbors: readonly Neighbor[], path: string) => string;
  /** Ends an answer; the family's infill tokens do, too. */
  stop: readonly string[];
  /** Tokens that the server would parse wherever they stand: none may be in the user's text. */
  tokens: readonly string[];
  /** Where the server's own value makes the answers worse. */
  repeatPenalty?: number;
}

export interface InfillParts {
  prefix: string;
  suffix: string;
  /** Relative to the workspace; without line breaks or tokens. */
  path: string;
  /** What `renderNeighbors` gave, or empty. */
  neighbors: string;
}

export interface Neighbor {
  path: string;
  text: string;
}

/** How one model is asked for what stands between two texts. */
export interface InfillFormat {
  /** Undefined where only the server's own template knows the format. */
  family: InfillFamily | undefined;
  /** `suffix`: the server's own template, through the field of that name; `raw`: ours, past the template. */
  via: 'suffix' | 'raw';
  order: 'prefix-first' | 'suffix-first';
  stop: readonly string[];
  /** None of them may be in the user's text. */
  tokens: readonly string[];
  repeatPenalty?: number;
}
