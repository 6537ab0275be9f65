import * as vscode from 'vscode';
import { toolNames } from '../../contributions.ts';
import type { ChatTools } from './tools.ts';

/** Registers our tools for models in VS Code's chat. Their code is loaded with the first call. */
export function registerTools(load: () => Promise<ChatTools>): vscode.Disposable {
  return vscode.Disposable.from(
    ...toolNames.map((name) =>
      vscode.lm.registerTool(name, {
        async invoke({ input }, token) {
          const text = await (await load()).invoke(name, input, token);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        },
      }),
    ),
  );
}
