import type { Guard } from '../../http/guard.ts';
import type { Api } from '../api/api.ts';
import type { OllamaSettings } from '../settings.ts';
import { PromptDestinations } from './destinations.ts';
import { ModelSelector } from './modelSelector.ts';
import { ModelStats } from './modelStats.ts';

/** What a client knows of the models of its server: which to use, where they run, and what was learned of them. */
export class ModelRegistry {
  readonly stats = new ModelStats();
  readonly destinations: PromptDestinations;
  readonly selector: ModelSelector;
  private readonly settings: OllamaSettings;

  constructor(api: Api, guard: Guard, settings: OllamaSettings) {
    this.settings = settings;
    this.destinations = new PromptDestinations(api, guard);
    this.selector = new ModelSelector(api, settings.model);
  }

  /** Context size in tokens that requests for a model use now; smaller than the setting after recovery. */
  numCtxFor(model: string): number {
    return Math.min(this.stats.reducedNumCtx(model) ?? Infinity, this.settings.numCtx);
  }
}
