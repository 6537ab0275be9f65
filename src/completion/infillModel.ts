import { infillFormatFor, reusesCache, serverFormatFor, type InfillFormat } from './engine/index.ts';
import { canComplete, isPlainModelName, sameModel, type ModelSummary } from '../ollama/index.ts';
import { NoSuggestionError } from './outcome.ts';

/** A model that can infill, and its format. */
export interface InfillChoice {
  name: string;
  format: InfillFormat;
}

/** The input of the choice. */
export interface ChoiceFacts {
  /** The configured model for suggestions; empty for an automatic choice. */
  wanted: string;
  /** The model that questions use. */
  inUse: string | undefined;
  installed: readonly ModelSummary[];
  /** Whether a model of the server can be used by its name. */
  acceptsName?: (name: string) => boolean;
  /** Whether the server fills gaps by a request of its own, as llama-server does. */
  hasInfill?: boolean;
  /** Most bytes of an automatically chosen model; undefined when the server's memory is unknown. */
  memoryBytes: number | undefined;
  /** The facts about tokens in a model's file, if its name shows nothing. */
  modelInfo: (model: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
}

/**
 * Share of the memory that an automatically chosen model may use, because it is loaded beside the one for
 * questions.
 */
const mostShare = 0.25;

/**
 * The model for suggestions: the configured one, else the one for questions if it can infill, else the
 * smallest installed one that can. A model on another server only if the user has named it.
 * @throws NoSuggestionError
 */
export async function chooseInfillModel(facts: ChoiceFacts): Promise<InfillChoice> {
  const { wanted, inUse, installed } = facts;
  const named = wanted || inUse;
  const first =
    named &&
    (installed.find(({ name }) => name === named) ?? installed.find(({ name }) => sameModel(name, named)));
  if (wanted && !first) throw new NoSuggestionError('notInstalled', wanted);
  if (first && (wanted || !first.remoteHost)) {
    const format = await formatOf(first, facts);
    if (format) return { name: first.name, format };
    if (wanted) throw new NoSuggestionError(reusesCache(first) ? 'noInfill' : 'rereads', first.name);
  }
  const other = bestOther(facts);
  if (other) return other;
  if (installed.length === 0 || !first) throw new NoSuggestionError('noModel');
  throw new NoSuggestionError(reusesCache(first) ? 'noInfill' : 'rereads', first.name);
}

/** By names only: asking the server about every model would take too long. */
function bestOther({
  installed,
  memoryBytes,
  acceptsName = isPlainModelName,
}: ChoiceFacts): InfillChoice | undefined {
  const most = memoryBytes === undefined ? Infinity : memoryBytes * mostShare;
  const fitting = installed.filter(
    (model) => !model.remoteHost && acceptsName(model.name) && model.sizeBytes <= most,
  );
  for (const model of fitting.toSorted((a, b) => a.sizeBytes - b.sizeBytes)) {
    const format = infillFormatFor(model);
    if (format && canComplete(model)) return { name: model.name, format };
  }
  return undefined;
}

async function formatOf(
  model: ModelSummary,
  { hasInfill = false, modelInfo }: ChoiceFacts,
): Promise<InfillFormat | undefined> {
  const format = hasInfill ? serverFormatFor(model) : infillFormatFor(model);
  if (format || !reusesCache(model)) return format;
  const info = await modelInfo(model.name);
  return info && infillFormatFor({ ...model, modelInfo: info });
}
