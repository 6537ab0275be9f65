/** The provider of the chat's models with the double, and the services that it uses. */
import { afterEach } from 'node:test';
import { Priorities } from '../../../../src/generation/priorities.ts';
import { GenerationQueue } from '../../../../src/generation/queue.ts';
import {
  defaultSettings,
  OllamaClient,
  type Guard,
  type OllamaSettings,
} from '../../../../src/ollama/index.ts';
import type { StartupServices } from '../../../../src/services.ts';
import { startDouble, type DoubleOptions, type OllamaDouble } from '../../../support/double/index.ts';
import { seen, vscode } from './fakeVscode.ts';

const { ChatProvider } = await import('../../../../src/chat/provider/index.ts');
type Provider = InstanceType<typeof ChatProvider>;
export type Model = Awaited<ReturnType<Provider['models']>>[number];

export const agent = {
  name: 'agent:latest',
  sizeBytes: 2e9,
  capabilities: ['completion', 'tools', 'thinking'],
};
const nothing = { dispose: (): void => undefined };
export const other = 'some.extension';
const toolNames = ['read_file', 'list_dir', 'run_in_terminal', 'memory', 'vscode_renameSymbol'];
export const tools = toolNames.map((name) => ({
  name,
  description: 'Does it. '.repeat(600),
  inputSchema: { type: 'object' },
}));

/** The values of the current test. */
export const world = {} as {
  double: OllamaDouble;
  client: OllamaClient;
  provider: Provider;
  queue: GenerationQueue;
  /** The monitor's facts. */
  facts: Record<string, unknown>;
  /** How often VS Code was asked to request the models again. */
  changes: number;
};
const monitorChanged = new vscode.EventEmitter();
const approved = new Set<string>();
export const sent: unknown[] = [];
const storage = new Map<string, unknown>();

afterEach(async () => {
  world.provider.dispose();
  storage.clear();
  approved.clear();
  sent.length = 0;
  Object.assign(seen, { messages: [], dialogs: [], commands: [], settings: [], press: undefined });
  await world.client.close();
  await world.double.close();
});

const guard: Guard = {
  mayContact: (address) => address === world.double.url || approved.has(address),
  apiKey: () => Promise.resolve(undefined),
  promptSent: (...args) => sent.push(args),
};

export async function begin(
  options: DoubleOptions = {},
  settings: Partial<OllamaSettings> = {},
): Promise<Model> {
  world.double = await startDouble({ models: [agent], thinking: () => '', ...options });
  world.client = new OllamaClient(
    { ...defaultSettings, baseUrl: world.double.url, model: 'agent', ...settings },
    { guard },
  );
  const clients = {
    current: world.client,
    connection: {},
    use: <T>(work: (one: OllamaClient) => T): T => work(world.client),
    onDidReplace: () => nothing,
  };
  const ignore = (): void => undefined;
  const priorities = new Priorities();
  world.queue = new GenerationQueue(
    clients as never,
    priorities,
    { begin: ignore, onEvent: ignore, end: ignore },
    ignore,
    ignore,
  );
  await look();
  const services = {
    clients,
    priorities,
    queue: world.queue,
    configuration: {
      current: { chatTools: 'auto', think: 'auto', prewarm: false },
    },
    monitor: {
      get facts() {
        return world.facts;
      },
      probe: async () => undefined,
      onDidChange: monitorChanged.event,
      reportSuccess: ignore,
      reportFailure: ignore,
    },
    trust: {
      approvals: {
        covers: () => true,
        has: (one: string) => approved.has(one),
        give: async (one: string) => void approved.add(one),
      },
    },
    usage: { note: ignore },
    storage: {
      get: (key: string) => storage.get(key),
      update: async (key: string, value: unknown) => void storage.set(key, value),
    },
  } as unknown as StartupServices;
  world.changes = 0;
  world.provider = new ChatProvider(services, () => void world.changes++);
  return (await list())[0]!;
}

/** Lets the monitor check the server. */
export async function look(): Promise<void> {
  world.facts = {
    origin: world.double.url,
    online: true,
    installed: await world.client.installedModels(),
    allLoaded: await world.client.loadedModels(),
    modelInstalled: true,
  };
  monitorChanged.fire();
}

export const list = (silent = true): Promise<Model[]> =>
  world.provider.models(silent, new vscode.CancellationTokenSource().token);

interface Asked {
  by?: string | undefined;
  options?: object;
  text?: string;
  source?: InstanceType<typeof vscode.CancellationTokenSource>;
}

export function ask(model: Model, asked: Asked = {}): { parts: unknown[]; done: Promise<void> } {
  const { by = 'core', options = {}, text = 'Hello?', source = new vscode.CancellationTokenSource() } = asked;
  const parts: unknown[] = [];
  const done = world.provider.answer({
    model,
    messages: [{ role: 1, content: [{ value: text }] }],
    options: { toolMode: 1, requestInitiator: by, ...options },
    progress: { report: (part: unknown) => void parts.push(part) },
    token: source.token,
  } as never);
  return { parts, done };
}

export const isChat = ({ path }: { path: string }): boolean => path === '/api/chat';
interface Body {
  tools?: { function: { name: string } }[];
  options: { temperature?: number; num_ctx: number };
}
export const chats = (): Body[] => world.double.requests.filter(isChat).map(({ body }) => body as never);
