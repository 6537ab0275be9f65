import * as vscode from 'vscode';
import { modelVendor } from '../../contributions.ts';
import type { ChatProvider } from './index.ts';

/** Loads the provider. It calls `changed` when VS Code should request the models again. */
type Load = (changed: () => void) => Promise<ChatProvider>;

/** Offers the server's models to VS Code's chat. The provider is loaded with VS Code's first request. */
export function registerChatModels(load: Load): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let loaded: Promise<ChatProvider> | undefined;
  let disposable: vscode.Disposable = changed;
  const provider = (): Promise<ChatProvider> =>
    (loaded ??= load(() => changed.fire()).then((created) => {
      disposable = vscode.Disposable.from(changed, created);
      return created;
    }));
  const models: vscode.LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: async ({ silent }, token) =>
      (await provider()).models(silent, token),
    provideLanguageModelChatResponse: async (model, messages, options, progress, token) =>
      (await provider()).answer({ model, messages, options, progress, token }),
    provideTokenCount: async (model, text) => (await provider()).tokenCount(model, text),
  };
  const registration = vscode.lm.registerLanguageModelChatProvider(modelVendor, models);
  return new vscode.Disposable(() => {
    registration.dispose();
    disposable.dispose();
  });
}
