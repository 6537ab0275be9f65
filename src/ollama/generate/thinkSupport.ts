import type { ModelSummary } from '../../http/client/models.ts';
import { sameModel } from '../modelName.ts';
import type { GenerateRequest } from '../../http/client/generation.ts';

/** Whether, or how long, a model thinks before it answers. */
export type Think = NonNullable<GenerateRequest['think']>;

/** Models that support only levels and always think. For them "off" becomes the lowest level. */
const levelsOnly = /^gpt-?oss(?:$|[-_.:])/i;
const familyOfLevels = /^gpt-?oss$/i;

/**
 * Remembers which thinking values models have refused. Shared by successive clients, so that a change of
 * settings does not repeat the refused requests.
 */
export class ThinkSupport {
  /** Models with other names that support only levels, according to their family in the server's list. */
  private readonly ofLevels = new Set<string>();
  private readonly refused: { origin: string; model: string; values: Set<string> }[] = [];

  /** The value to send for a requested one. `undefined` omits the field, so that the model decides. */
  valueFor(origin: string, model: string, wished: Think | undefined): Think | undefined {
    if (wished === undefined) return undefined;
    const value = this.knowsLevelsOnly(origin, model) ? levelFor(wished) : wished;
    return this.hasRefused(origin, model, value) ? undefined : value;
  }

  /** Learns from a server's list which models support only levels. */
  learn(origin: string, models: readonly ModelSummary[]): void {
    for (const { name, family } of models)
      if (familyOfLevels.test(family)) this.ofLevels.add(`${origin} ${name.toLowerCase()}`);
  }

  /** @param isWhole whether the model cannot think at all, with any value */
  note(origin: string, model: string, value: Think, isWhole: boolean): void {
    const known = this.find(origin, model) ?? { origin, model, values: new Set<string>() };
    if (known.values.size === 0) this.refused.push(known);
    known.values.add(isWhole ? 'all' : typeof value);
  }

  /** Whether the model has refused such a value. */
  hasRefused(origin: string, model: string, value: Think): boolean {
    const values = this.find(origin, model)?.values;
    return values !== undefined && (values.has('all') || values.has(typeof value));
  }

  private knowsLevelsOnly(origin: string, model: string): boolean {
    const name = model.toLowerCase();
    const tagged = name.slice(name.lastIndexOf('/') + 1).includes(':') ? name : `${name}:latest`;
    return (
      levelsOnly.test(model.slice(model.lastIndexOf('/') + 1)) || this.ofLevels.has(`${origin} ${tagged}`)
    );
  }

  private find(origin: string, model: string) {
    return this.refused.find((one) => one.origin === origin && sameModel(one.model, model));
  }
}

function levelFor(wished: Think): Think {
  if (typeof wished === 'string') return wished;
  return wished ? 'medium' : 'low';
}
