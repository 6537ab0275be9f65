/** What models write around an answer, as parts of patterns: how they agree, announce it, and end. */

/** The start of a line before the answer. */
export const agreement = 'sure|certainly|of course|okay|ok|absolutely';
export const announcement = "here(?:'s|’s| is| are)|below is|this is";

/** The start of a line after it. */
export const farewell = 'let me know|i hope|feel free|if you (?:need|want|would)';
