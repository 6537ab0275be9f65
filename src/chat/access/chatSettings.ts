import * as vscode from 'vscode';
import { changedSettingsKey, hasChangedSettings } from './changedSettings.ts';
import { updateSettingsFile } from './settingsFile.ts';

/** Settings of VS Code that let its chat use our models without signing in. */
const names = ['allowAnonymousAccess', 'utilityModel', 'utilitySmallModel'] as const;
type Name = (typeof names)[number];

/** The first version of VS Code with the setting; it hides the setting from extensions that ask for it. */
const firstVersion = { major: 1, minor: 121 };

type Values = Partial<Record<Name, unknown>>;

/**
 * The settings with which VS Code's chat uses our models without signing in. The earlier values are stored.
 */
export class ChatSettings {
  private readonly storage: vscode.Memento;

  constructor(storage: vscode.Memento) {
    this.storage = storage;
  }

  /** Whether this VS Code has the setting. Older versions always ask the user to sign in. */
  get exists(): boolean {
    const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
    return major > firstVersion.major || (major === firstVersion.major && minor >= firstVersion.minor);
  }

  get isAllowed(): boolean {
    return configuration().get('allowAnonymousAccess') === true;
  }

  /**
   * Changes the user's settings. Titles and summaries of chats then come from the same model.
   * @throws Error if VS Code does not allow it
   */
  async allow(model: string): Promise<void> {
    const wanted: Values = { allowAnonymousAccess: true, utilityModel: model, utilitySmallModel: model };
    const known = names.filter(isKnown);
    const changed = known.filter(mayChange);
    const before: Record<string, unknown> = Object.fromEntries(
      changed.map((name) => [name, configuration().inspect(name)?.globalValue ?? null]),
    );
    if (!hasChangedSettings(this.storage)) await this.storage.update(changedSettingsKey, before);
    const done: Name[] = [];
    try {
      for (const name of changed) {
        await update(name, wanted[name]);
        done.push(name);
      }
    } catch (error) {
      await this.putBack(done);
      throw error;
    }
  }

  /** Restores the earlier values. */
  async restore(): Promise<void> {
    await this.putBack(names);
  }

  private async putBack(changed: readonly Name[]): Promise<void> {
    const before = this.storage.get<Values>(changedSettingsKey) ?? {};
    for (const name of changed) if (name in before) await update(name, before[name] ?? undefined);
    await this.storage.update(changedSettingsKey, undefined);
  }
}

function isKnown(name: Name): boolean {
  return name === 'allowAnonymousAccess' || configuration().inspect(name)?.defaultValue !== undefined;
}

/** A model that the user has chosen for titles is kept. */
function mayChange(name: Name): boolean {
  return name === 'allowAnonymousAccess' || !configuration().inspect(name)?.globalValue;
}

function configuration(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('chat');
}

async function update(name: Name, value: unknown): Promise<void> {
  try {
    await configuration().update(name, value, vscode.ConfigurationTarget.Global);
  } catch (error) {
    if (name !== 'allowAnonymousAccess') throw error;
    await updateSettingsFile(`chat.${name}`, value);
  }
}
