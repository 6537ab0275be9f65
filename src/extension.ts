import * as vscode from 'vscode';
import { registerParticipant } from './chat/participant/register.ts';
import { registerChatModels } from './chat/provider/registration.ts';
import { registerTools } from './chat/tools/register.ts';
import { hasChangedSettings } from './chat/access/changedSettings.ts';
import type { Handlers } from './commands/index.ts';
import { commandNames } from './contributions.ts';
import type { Session } from './services.ts';
import { setContextKey } from './ui/contextKeys.ts';
import type { ServerFacts, Status } from './status/status.ts';

/** The API for other extensions: the known facts about the server. */
export interface CodeWormApi {
  readonly status: Status;
  readonly facts: ServerFacts;
  readonly onDidChangeStatus: vscode.Event<void>;
}

let session: Promise<Session<Handlers>> | undefined;

/**
 * Registers the contributions. Awaits nothing, reads nothing and sends nothing. The services are created
 * right after the activation, or by the first use before that.
 */
export function activate(context: vscode.ExtensionContext): CodeWormApi {
  const statusChanged = new vscode.EventEmitter<void>();
  const active = Promise.withResolvers<void>();
  let known: Session<Handlers> | undefined;
  const load = (): Promise<Session<Handlers>> =>
    (session ??= import('./services.ts').then(({ createSession }) => {
      known = createSession(context, () => import('./commands/index.ts'));
      known.onDidChangeStatus(() => statusChanged.fire());
      return known;
    }));
  const handlers = async (): Promise<Handlers> => (await load()).handlers();
  context.subscriptions.push(
    statusChanged,
    ...commandNames.map((name) =>
      vscode.commands.registerCommand(`codeworm.${name}`, async (...args: unknown[]) =>
        (await load()).runCommand(name, args),
      ),
    ),
    registerParticipant(async () => (await handlers()).participant),
    registerTools(async () => (await handlers()).tools),
    registerChatModels(async (changed) => {
      // VS Code may ask for the models during the activation, which sends nothing.
      await active.promise;
      const [{ ChatProvider }, { services }] = await Promise.all([
        import('./chat/provider/index.ts'),
        load(),
      ]);
      return new ChatProvider(services, changed);
    }),
  );
  const start = async (): Promise<void> => {
    active.resolve();
    setContextKey('codeworm.chatAllowed', hasChangedSettings(context.globalState));
    await (await load()).start();
  };
  setImmediate(() => afterActivation(context.extension, start));
  return {
    get status() {
      return known?.status ?? { kind: 'checking' };
    },
    get facts() {
      return known?.facts ?? { origin: '', installed: [], modelInstalled: false };
    },
    onDidChangeStatus: statusChanged.event,
  };
}

/** Closes every connection. VS Code waits for it. */
export async function deactivate(): Promise<void> {
  await (await session)?.close();
}

/** Most checks, 10 ms apart, whether the activation is over. */
const mostAttempts = 200;

/**
 * Calls `then` after the activation. VS Code counts an extension as active only a moment after `activate` has
 * returned.
 */
function afterActivation(
  { id }: vscode.Extension<unknown>,
  then: () => Promise<void>,
  attempts = mostAttempts,
): void {
  const extension = vscode.extensions.getExtension(id);
  if (!extension || extension.isActive || attempts === 0) return void then();
  setTimeout(() => afterActivation(extension, then, attempts - 1), 10);
}
