import * as vscode from 'vscode';
import { changedSettingsKey, hasChangedSettings } from './changedSettings.ts';

/** Settings of VS Code that let its chat use our models without signing in. */
const names = ['allowAnonymousAccess', 'utilityModel', 'utilitySmallModel'] as const;
type Name = (typeof names)[number];

type Values = Partial<Record<Name, unknown>>;

/**
 * The settings with which VS Code's chat uses our models without signing in. The earlier values are stored.
 */
export class ChatSettings {
  private readonly storage: vscode.Memento;

  constructor(storage: vscode.Memento) {
    this.storage = storage;
  }

  /** Whether this VS Code has the setting. Older versions (before 1.121) always ask the user to sign in. */
  get exists(): boolean {
    return configuration().inspect('allowAnonymousAccess')?.defaultValue !== undefined;
  }

  get isAllowed(): boolean {
    return configuration().get('allowAnonymousAccess') === true;
  }

  /** Changes the user's settings. Titles and summaries of chats then come from the same model. */
  async allow(model: string): Promise<void> {
    const wanted: Values = { allowAnonymousAccess: true, utilityModel: model, utilitySmallModel: model };
    const known = names.filter((name) => configuration().inspect(name)?.defaultValue !== undefined);
    const changed = known.filter(mayChange);
    const before: Record<string, unknown> = Object.fromEntries(
      changed.map((name) => [name, configuration().inspect(name)?.globalValue ?? null]),
    );
    if (!hasChangedSettings(this.storage)) await this.storage.update(changedSettingsKey, before);
    for (const name of changed) await update(name, wanted[name]);
  }

  /** Restores the earlier values. */
  async restore(): Promise<void> {
    const before = this.storage.get<Values>(changedSettingsKey) ?? {};
    for (const name of names) if (name in before) await update(name, before[name] ?? undefined);
    await this.storage.update(changedSettingsKey, undefined);
  }
}

/** A model that the user has chosen for titles is kept. */
function mayChange(name: Name): boolean {
  return name === 'allowAnonymousAccess' || !configuration().inspect(name)?.globalValue;
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('chat');
}

async function update(name: Name, value: unknown): Promise<void> {
  await configuration().update(name, value, vscode.ConfigurationTarget.Global);
}
