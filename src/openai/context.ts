import type { OllamaSettings } from '../http/client/settings.ts';
import type { Guard } from '../http/guard.ts';
import type { Logger } from '../http/logger.ts';
import type { Transport } from '../http/transport.ts';
import type { OpenAIApi } from './api.ts';
import type { FieldSupport } from './fieldSupport.ts';
import type { ServerModels } from './serverModels.ts';

/** What the classes of one client share. */
export interface ClientContext {
  settings: OllamaSettings;
  log: Logger;
  guard: Guard;
  transport: Transport;
  api: OpenAIApi;
  models: ServerModels;
  fields: FieldSupport;
}
