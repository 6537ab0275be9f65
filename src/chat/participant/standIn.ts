import * as vscode from 'vscode';
import { modelVendor, standInVendor } from '../../contributions.ts';

/** A model of ours that VS Code can choose; its limits mean nothing, because nothing is sent to it. */
const information: vscode.LanguageModelChatInformation = {
  id: 'codeworm',
  name: '@codeworm',
  family: 'codeworm',
  version: '1',
  maxInputTokens: 4096,
  maxOutputTokens: 4096,
  capabilities: { toolCalling: true },
};

/**
 * VS Code calls no participant, not even one with a model of its own, unless some model can be chosen in the chat: "Language
 * model unavailable". This one is there as long as there is no other of ours for every mode of the chat, such as while
 * Ollama is not running.
 */
export class StandInModel implements vscode.LanguageModelChatProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;
  private isNeeded = true;

  readonly onDidChangeLanguageModelChatInformation = this.changed.event;

  constructor() {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.lm.registerLanguageModelChatProvider(standInVendor, this),
      vscode.lm.onDidChangeChatModels(() => void this.follow()),
    );
    // VS Code learns of models when somebody asks for them; before, none can be chosen in the chat.
    void vscode.lm.selectChatModels({ vendor: standInVendor }).then(undefined, () => undefined);
  }

  /** For VS Code. */
  async provideLanguageModelChatInformation(): Promise<vscode.LanguageModelChatInformation[]> {
    this.isNeeded = await hasNoOther();
    return this.isNeeded ? [information] : [];
  }

  /** For VS Code: whoever asks the model itself is told where there is an answer. */
  provideLanguageModelChatResponse(
    _model: vscode.LanguageModelChatInformation,
    _messages: readonly vscode.LanguageModelChatRequestMessage[],
    _options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  ): Promise<void> {
    const text = vscode.l10n.t(
      'None of your models can be asked here. Ask @codeworm: it answers with your model, or says why not.',
    );
    progress.report(new vscode.LanguageModelTextPart(text));
    return Promise.resolve();
  }

  /** For VS Code. */
  provideTokenCount(): Promise<number> {
    return Promise.resolve(1);
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async follow(): Promise<void> {
    if ((await hasNoOther()) !== this.isNeeded) this.changed.fire();
  }
}

/** Agent mode lists only models that call tools; whether one does is not in the stable API, but there at run time. */
async function hasNoOther(): Promise<boolean> {
  const own: readonly (vscode.LanguageModelChat & { capabilities?: { supportsToolCalling?: boolean } })[] =
    await vscode.lm.selectChatModels({ vendor: modelVendor });
  return own.every(({ capabilities }) => capabilities?.supportsToolCalling === false);
}
