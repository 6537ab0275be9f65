import * as vscode from 'vscode';
import { commandNames, type CommandName } from '../contributions.ts';
import { showErrorWithActions } from './errorActions.ts';

/** Runs a command with unchecked arguments from a key binding, a menu or a code action. */
export type RunCommand = (name: CommandName, args: readonly unknown[]) => unknown;

/**
 * Registers every command. The code of the commands is loaded when the first one runs. A failing command
 * shows its own error instead of VS Code's "command failed".
 */
export class CommandRegistry implements vscode.Disposable {
  private readonly loadCommands: () => Promise<RunCommand>;
  private readonly log: Pick<vscode.LogOutputChannel, 'error'>;
  private readonly registrations: vscode.Disposable;
  private loaded: Promise<RunCommand> | undefined;

  constructor(loadCommands: () => Promise<RunCommand>, log: Pick<vscode.LogOutputChannel, 'error'>) {
    this.loadCommands = loadCommands;
    this.log = log;
    this.registrations = vscode.Disposable.from(
      ...commandNames.map((name) =>
        vscode.commands.registerCommand(`codeworm.${name}`, (...args: unknown[]) => this.run(name, args)),
      ),
    );
  }

  /** Loads the bundle with the handlers. */
  load(): Promise<RunCommand> {
    this.loaded ??= this.loadCommands();
    return this.loaded;
  }

  dispose(): void {
    this.registrations.dispose();
  }

  private async run(name: CommandName, args: readonly unknown[]): Promise<void> {
    try {
      const runCommand = await this.load();
      await runCommand(name, args);
    } catch (error) {
      this.log.error('command_failed', {
        command: name,
        error: error instanceof Error ? error.name : typeof error,
      });
      showErrorWithActions(error);
    }
  }
}
