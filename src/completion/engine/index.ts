/** The pure part of suggestions while typing: the prompt, and the text to show. */
export {
  infillFormatFor,
  reusesCache,
  serverFormatFor,
  suffixFirst,
  type InfillModel,
} from './formats/detection.ts';
export type { InfillFormat, Neighbor } from './formats/family.ts';
export {
  buildInfillRequest,
  containsInfillTokens,
  InfillTokenError,
  type InfillBudget,
  type InfillContext,
  type InfillRequest,
} from './request.ts';
export { opensBlock } from './trim/layout.ts';
export { trimmerFor, trimSuggestion, wholeLines } from './trim/trim.ts';
export type { TrimContext } from './trim/surroundings.ts';
export { SuggestionCache } from './cache.ts';
export { agrees } from './agreement.ts';
export { pauseMs, suffixBudget } from './timing.ts';
