import type { Guard } from '../../http/guard.ts';
import type { Logger } from '../../http/logger.ts';
import type { Transport } from '../../http/transport.ts';
import type { Api } from '../api/api.ts';
import type { ServerVersion } from '../api/serverVersion.ts';
import type { OllamaSettings } from '../../http/client/settings.ts';
import type { ModelRegistry } from './modelRegistry.ts';
import type { OutOfMemoryRecovery } from './recovery.ts';
import type { ThinkSupport } from './thinkSupport.ts';

/** What the classes of one client share. */
export interface ClientContext {
  settings: OllamaSettings;
  log: Logger;
  guard: Guard;
  transport: Transport;
  api: Api;
  version: ServerVersion;
  models: ModelRegistry;
  recovery: OutOfMemoryRecovery;
  thinkSupport: ThinkSupport;
}
