import { sameModel } from '../api/models.ts';
import type { GenerateRequest } from '../generation.ts';

/** Whether, or how long, a model thinks first. */
export type Think = NonNullable<GenerateRequest['think']>;

/** Models that know levels alone, and always think: "off" is their lowest level. */
const levelsOnly = /^gpt-?oss(?:$|[-_.:])/i;

/**
 * What servers have refused about the thinking of their models. It outlives a client, so that a change of settings does
 * not have everything refused once more.
 */
export class ThinkSupport {
  private readonly refused: { origin: string; model: string; values: Set<string> }[] = [];

  /** What a request sends for what is wished; `undefined` leaves the field out, and the model to its default. */
  valueFor(origin: string, model: string, wished: Think | undefined): Think | undefined {
    if (wished === undefined) return undefined;
    const value = levelsOnly.test(model.slice(model.lastIndexOf('/') + 1)) ? levelFor(wished) : wished;
    return this.hasRefused(origin, model, value) ? undefined : value;
  }

  /** @param isWhole the model cannot think at all, whatever the value */
  note(origin: string, model: string, value: Think, isWhole: boolean): void {
    const known = this.find(origin, model) ?? { origin, model, values: new Set<string>() };
    if (known.values.size === 0) this.refused.push(known);
    known.values.add(isWhole ? 'all' : typeof value);
  }

  /** Whether the model has refused a value like this one. */
  hasRefused(origin: string, model: string, value: Think): boolean {
    const values = this.find(origin, model)?.values;
    return values !== undefined && (values.has('all') || values.has(typeof value));
  }

  private find(origin: string, model: string) {
    return this.refused.find((one) => one.origin === origin && sameModel(one.model, model));
  }
}

function levelFor(wished: Think): Think {
  if (typeof wished === 'string') return wished;
  return wished ? 'medium' : 'low';
}
