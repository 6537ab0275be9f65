import { oneLine } from '../../text/clip.ts';
import type { InfillFormat, Neighbor } from './formats/family.ts';
import { lineCommentOf } from './languages.ts';
import { prefixWindow, suffixWindow } from './window.ts';

export interface InfillContext {
  /** Everything before the cursor, or at least enough to be cut here, from a fixed line on. */
  prefix: string;
  suffix: string;
  /** Relative to the workspace. */
  path: string;
  languageId: string;
  /** Parts of other files, in a stable order: new ones are appended. */
  neighbors?: readonly Neighbor[];
}

export interface InfillBudget {
  /** For the prefix and the other files. */
  prefixTokens: number;
  suffixTokens: number;
  charsPerToken: number;
  /** For other files, where they have a field of their own. By default, half of the prefix's budget. */
  extraTokens?: number;
}

/** Fields of a request to `/api/generate`, or to llama-server's `/infill`. */
export interface InfillRequest {
  prompt: string;
  suffix?: string;
  raw?: boolean;
  /** Parts of other files, for the field of that kind. */
  extra?: Neighbor[];
  stop: string[];
}

/** The text around the cursor contains a control token of the model, so no request is possible here. */
export class InfillTokenError extends Error {
  override name = 'InfillTokenError';
}

/** Most of the prefix's budget that other files may use, as a share. */
const neighborShare = 1 / 2;
/** The server treats an empty text as missing and uses the chat template. */
const lineBreak = '\n';

/** Whether the server would parse a part of the text as one of the model's tokens. */
export function containsInfillTokens(format: InfillFormat, text: string): boolean {
  return format.tokens.some((token) => text.includes(token));
}

/**
 * The request that makes the model write the text in the gap. While the user types, the beginning of the
 * prompt stays the same, because the server can reuse only that.
 * @throws InfillTokenError see {@link containsInfillTokens}
 */
export function buildInfillRequest(
  format: InfillFormat,
  context: InfillContext,
  budget: InfillBudget,
): InfillRequest {
  if (format.via === 'infill') return requestOfServer(format, context, budget);
  const room = Math.max(0, Math.floor(budget.prefixTokens * budget.charsPerToken));
  const { family } = format;
  const path = safePath(format, context.path);
  const neighbors = neighborsText(format, context, path, room * neighborShare);
  // The first key must not change the beginning, so other files keep the form that they have then.
  const isEmpty = neighbors === '' && (context.prefix === '' || room === 0);
  const via = family && isEmpty ? 'raw' : format.via;
  const prefix = prefixWindow(context.prefix, room - neighbors.length);
  const suffix = suffixWindow(context.suffix, budget.suffixTokens * budget.charsPerToken);
  assertPlain(format, prefix, suffix);
  const stop = [...format.stop];
  if (family && via === 'raw')
    return { prompt: family.render({ prefix, suffix, path, neighbors }), raw: true, stop };
  return { prompt: neighbors + prefix || lineBreak, suffix: suffix || lineBreak, stop };
}

/** llama-server parses tokens in all texts, and puts the other files first. */
function requestOfServer(
  format: InfillFormat,
  context: InfillContext,
  { prefixTokens, suffixTokens, charsPerToken, extraTokens = prefixTokens * neighborShare }: InfillBudget,
): InfillRequest {
  const extra: Neighbor[] = [];
  for (const { path, text } of plainNeighbors(format, context)) {
    const longer = [...extra, { path, text }];
    if (sizeOf(longer) <= extraTokens * charsPerToken) extra.push({ path, text });
  }
  const prefix = prefixWindow(context.prefix, prefixTokens * charsPerToken);
  const suffix = suffixWindow(context.suffix, suffixTokens * charsPerToken);
  assertPlain(format, prefix, suffix);
  return { prompt: prefix, suffix, extra, stop: [...format.stop] };
}

/** Characters, with the separators between the files. */
function sizeOf(neighbors: readonly Neighbor[]): number {
  return neighbors.reduce((sum, { path, text }) => sum + path.length + text.length + 8, 0);
}

function assertPlain(format: InfillFormat, prefix: string, suffix: string): void {
  if (containsInfillTokens(format, prefix) || containsInfillTokens(format, suffix))
    throw new InfillTokenError("The text around the cursor contains one of the model's own tokens.");
}

/** Without those that are empty or contain tokens of the model. */
function plainNeighbors(format: InfillFormat, { neighbors = [] }: InfillContext): Neighbor[] {
  return neighbors.filter(
    ({ path, text }) =>
      text.trim() !== '' && !/[\r\n]/.test(path) && !containsInfillTokens(format, `${path}\n${text}`),
  );
}

/** As many other files as fit, in order, so that a new one never displaces an old one. */
function neighborsText(format: InfillFormat, context: InfillContext, path: string, room: number): string {
  const render = neighborRenderer(format, context.languageId);
  const chosen: Neighbor[] = [];
  let text = '';
  if (!render) return '';
  for (const neighbor of plainNeighbors(format, context)) {
    const longer = render([...chosen, neighbor], path);
    if (longer.length > room) continue;
    chosen.push(neighbor);
    text = longer;
  }
  return text;
}

type NeighborRenderer = (neighbors: readonly Neighbor[], path: string) => string;

/**
 * Raw prompts have the family's own form. The server's template would put that form after the prefix token,
 * where the models have never seen it, so comments are used there. A family that was trained without other
 * files gets none.
 */
function neighborRenderer({ via, family }: InfillFormat, languageId: string): NeighborRenderer | undefined {
  if (via === 'raw' || (family && !family.renderNeighbors)) return family?.renderNeighbors;
  const mark = lineCommentOf(languageId);
  if (mark === undefined) return undefined;
  const commented = (text: string) => text.trimEnd().replaceAll(/^(?=.)/gm, `${mark} `);
  return (neighbors) =>
    neighbors.map((neighbor) => `${commented(`${neighbor.path}:\n${neighbor.text}`)}\n\n`).join('');
}

function safePath(format: InfillFormat, path: string): string {
  return containsInfillTokens(format, path) ? 'file' : oneLine(path);
}
