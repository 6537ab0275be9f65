/** The infill format of one family of models. */
export interface InfillFamily {
  id: string;
  /** Which text comes first. The other one is read again whenever anything before it changes. */
  order: 'prefix-first' | 'suffix-first';
  /**
   * Renders a raw prompt from other files (already rendered), the path of this file, and the text before and
   * after the cursor.
   */
  render: (parts: InfillParts) => string;
  /** Renders other files as in the family's training; undefined when it was trained without any. */
  renderNeighbors?: (neighbors: readonly Neighbor[], path: string) => string;
  /** Texts that end an answer, besides the family's infill tokens. */
  stop: readonly string[];
  /** Tokens that the server would parse at any position, so the user's text must not contain them. */
  tokens: readonly string[];
  /** Set when the server's own value makes the answers worse. */
  repeatPenalty?: number;
}

export interface InfillParts {
  prefix: string;
  suffix: string;
  /** Relative to the workspace, without line breaks or tokens. */
  path: string;
  /** The result of `renderNeighbors`, or empty. */
  neighbors: string;
}

export interface Neighbor {
  path: string;
  text: string;
}

/** How a model is asked for the text in a gap. */
export interface InfillFormat {
  /** Undefined when only the server's template knows the format. */
  family: InfillFamily | undefined;
  /**
   * `suffix`: with the server's template, by the field of that name; `raw`: with our own format; `infill`: by
   * llama-server's own request, which also has a field for other files.
   */
  via: 'suffix' | 'raw' | 'infill';
  order: 'prefix-first' | 'suffix-first';
  stop: readonly string[];
  /** The user's text must not contain any of them. */
  tokens: readonly string[];
  repeatPenalty?: number;
}
