import * as vscode from 'vscode';
import { modelVendor, standInVendor } from '../../contributions.ts';

/** One of our models that VS Code can select. Its limits do not matter, because nothing is sent to it. */
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
 * VS Code calls a participant, even one with its own model, only when some model can be selected in the chat
 * ("Language model unavailable"). This one exists while none of our other models can be selected in every mode
 * of the chat, for example while Ollama is not running.
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
    // VS Code registers models only when they are requested; before that, none can be selected in the chat.
    void vscode.lm.selectChatModels({ vendor: standInVendor }).then(undefined, () => undefined);
  }

  /** For `LanguageModelChatProvider`. */
  async provideLanguageModelChatInformation(): Promise<vscode.LanguageModelChatInformation[]> {
    this.isNeeded = await hasNoOther();
    return this.isNeeded ? [information] : [];
  }

  /** For `LanguageModelChatProvider`. Tells a user of the model itself where to get an answer. */
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

  /** For `LanguageModelChatProvider`. */
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

/** Agent mode lists only models that call tools. The stable API does not say which do, but the objects have it. */
async function hasNoOther(): Promise<boolean> {
  const own: readonly (vscode.LanguageModelChat & { capabilities?: { supportsToolCalling?: boolean } })[] =
    await vscode.lm.selectChatModels({ vendor: modelVendor });
  return own.every(({ capabilities }) => capabilities?.supportsToolCalling === false);
}
