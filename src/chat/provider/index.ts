import * as vscode from 'vscode';
import { thinkFor } from '../../config/tasks.ts';
import { approveConnection, approveRemote } from '../../generation/approval.ts';
import type { FollowedRun } from '../../generation/followedRun.ts';
import { OllamaApprovalError, type ModelClient, type OllamaError } from '../../ollama/index.ts';
import type { StartupServices } from '../../services.ts';
import { setting, showErrorWithActions } from '../../ui/errorActions.ts';
import { showInfo } from '../../ui/notifications.ts';
import { ChatAnswer, type AnswerSink, type Question } from './answer.ts';
import { failureFor, withoutStack } from './failures.ts';
import { toConversation, type VscodeMessage } from './messages.ts';
import { describeChatModels, windowIn, windowOf, type ChatModel } from './models.ts';
import { chooseTools, estimatedTokens, isLikelyShort } from './promptSize.ts';
import { requesterOf, type Requester } from './requester.ts';
import { messageTokens, textTokens, ToolDescriptions } from './tokenCount.ts';
import { toTools } from './tools.ts';

/** A request of VS Code's chat. */
export interface ChatRequest {
  model: ChatModel;
  messages: readonly VscodeMessage[];
  options: vscode.ProvideLanguageModelChatResponseOptions;
  progress: vscode.Progress<vscode.LanguageModelResponsePart>;
  token: vscode.CancellationToken;
}

/** A running request: who asks, how it is aborted, and its size. */
interface Asking {
  request: ChatRequest;
  requester: Requester;
  abort: AbortController;
  run: FollowedRun;
  estimate: number;
  isShort: boolean;
}

/** Not in the stable API; exists if VS Code can show thinking. */
const { LanguageModelThinkingPart: ThinkingPart } = vscode as {
  LanguageModelThinkingPart?: new (text: string) => vscode.LanguageModelResponsePart;
};

/** Whether the user was told which tools are left out. */
const toldKey = 'chat.toolsLeftOutTold';
/** Most tools named in a message. */
const mostNamed = 12;

/** The models of the server in VS Code's chat. */
export class ChatProvider implements vscode.Disposable {
  private readonly services: StartupServices;
  private readonly changed: () => void;
  private readonly subscription: vscode.Disposable;
  private known: { client: ModelClient; models: ChatModel[] } | undefined;
  private signature: string;
  /** Whether the latest request of the chat got the short list of tools, by model, window and setting. */
  private readonly isShort = new Map<string, boolean>();
  private readonly descriptions = new ToolDescriptions(() => vscode.lm.tools);
  private readonly toldBlind = new Set<string>();

  /** @param changed called when VS Code should request the models again */
  constructor(services: StartupServices, changed: () => void) {
    this.services = services;
    this.changed = changed;
    this.signature = this.currentSignature();
    this.subscription = vscode.Disposable.from(
      services.monitor.onDidChange(() => this.compare()),
      services.clients.onDidReplace(() => changed()),
    );
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /**
   * The models that can answer, by the monitor's facts about the server. A server that does not answer for a
   * moment keeps its models: otherwise VS Code would forget the user's choice.
   */
  async models(silent: boolean, token: vscode.CancellationToken): Promise<ChatModel[]> {
    const { clients, monitor } = this.services;
    if (monitor.facts.online !== true || !silent) await monitor.probe();
    const client = clients.current;
    const { online, installed, allLoaded: loaded = [], problem } = monitor.facts;
    if (!online && !silent) await this.tellWhy(problem);
    if (online) {
      const models = await clients
        .use((current) => describeChatModels(current, { installed, loaded }, abortOn(token).signal))
        .catch(() => undefined);
      if (models) this.known = { client, models };
    }
    return this.known?.client === client && problem?.kind !== 'notApproved' ? this.known.models : [];
  }

  private async tellWhy(problem: OllamaError | undefined): Promise<void> {
    if (problem) return showErrorWithActions(problem);
    const { clients } = this.services;
    await clients.use((client) => client.installedModels()).then(() => undefined, showErrorWithActions);
  }

  /**
   * The estimated tokens of a text or message. VS Code calls it too often for a request to the server. What
   * the short list of tools leaves out counts nothing, because it is not sent.
   */
  tokenCount(model: ChatModel, text: string | VscodeMessage): number {
    const { id, capabilities } = model;
    const charsPerToken = this.services.clients.current.charsPerToken(id);
    if (typeof text !== 'string') return messageTokens(text, capabilities.imageInput === true, charsPerToken);
    if (this.descriptions.has(text) && this.leavesOut(model, charsPerToken)) return 0;
    return textTokens(text, charsPerToken);
  }

  private leavesOut(model: ChatModel, charsPerToken: number): boolean {
    const key = this.keyOf(model);
    const known = this.isShort.get(key);
    if (known !== undefined) return known;
    const { chatTools } = this.services.configuration.current;
    const all = toTools(vscode.lm.tools);
    const isShort = isLikelyShort(chatTools, all, { numCtx: windowIn(model), charsPerToken });
    this.isShort.set(key, isShort);
    return isShort;
  }

  private keyOf(model: ChatModel): string {
    return JSON.stringify([model.id, windowIn(model), this.services.configuration.current.chatTools]);
  }

  /** @throws Error with a message for users, also for an empty or cut answer */
  async answer(request: ChatRequest): Promise<void> {
    const { token, options } = request;
    const abort = abortOn(token);
    const job = { title: vscode.l10n.t('Answer in the chat'), subject: request.model.name };
    const run = this.services.queue.follow(job, abort);
    const asking: Asking = {
      request,
      requester: requesterOf(options),
      abort,
      run,
      estimate: 0,
      isShort: false,
    };
    try {
      await this.services.clients.use((client) => this.answerOrFail(client, asking));
    } finally {
      run.end();
    }
  }

  private async answerOrFail(client: ModelClient, asking: Asking): Promise<void> {
    const { requester, abort, request } = asking;
    try {
      await this.answerWithApproval(client, asking);
    } catch (error) {
      if (abort.signal.aborted) throw new vscode.CancellationError();
      const { estimate, isShort } = asking;
      const { isUser } = requester;
      throw withoutStack(
        await failureFor(this.services, client, error, {
          model: request.model.id,
          estimate,
          isShort,
          isUser,
        }),
      );
    }
  }

  /** Asks for a missing approval before anything is sent. Only the user's own chat may ask. */
  private async answerWithApproval(client: ModelClient, asking: Asking): Promise<void> {
    try {
      await this.answerWithPriority(client, asking);
    } catch (error) {
      if (!(error instanceof OllamaApprovalError) || !asking.requester.isUser) throw error;
      if (!(await this.isApprovedNow(error, asking.request.model.id))) throw error;
      await this.answerWithPriority(client, asking);
    }
  }

  private async isApprovedNow({ address }: OllamaApprovalError, model: string): Promise<boolean> {
    const { services } = this;
    return address === services.clients.current.address
      ? approveConnection(services)
      : approveRemote(services, address, model);
  }

  private async answerWithPriority(client: ModelClient, asking: Asking): Promise<void> {
    const { requester, abort, run, request } = asking;
    const level = requester.isUser ? 'own' : 'extension';
    const permit = await this.services.priorities.enter(level, abort.signal);
    try {
      const question = await this.questionFor(client, asking, permit.signal);
      run.begin(request.model.id);
      const answer = new ChatAnswer(question, this.sinkFor(asking));
      const result = await answer.run(client);
      this.services.usage.note(result.model);
      this.services.monitor.reportSuccess(result);
    } finally {
      permit.end();
    }
  }

  private async questionFor(client: ModelClient, asking: Asking, signal: AbortSignal): Promise<Question> {
    const { request, requester } = asking;
    const { model, options } = request;
    const { chatTools, think } = this.services.configuration.current;
    const { messages, droppedImages } = toConversation(
      request.messages,
      model.capabilities.imageInput === true,
    );
    if (droppedImages > 0 && requester.isUser) this.tellBlind(model.name);
    const budget = await client.promptBudget(signal, { model: model.id });
    const all = toTools(options.tools ?? []);
    const { tools, left } = chooseTools(requester.isUser ? chatTools : 'all', all, messages, budget);
    asking.isShort = left.length > 0;
    asking.estimate = estimatedTokens(messages, tools, budget.charsPerToken);
    if (requester.isUser && all.length > 0) this.isShort.set(this.keyOf(model), left.length > 0);
    if (left.length > 0) this.tellLeftOut(left);
    const { temperature } = (options.modelOptions ?? {}) as { temperature?: unknown };
    return {
      model: model.id,
      messages,
      tools,
      mustCall: tools.length > 0 && options.toolMode === vscode.LanguageModelChatToolMode.Required,
      think: thinkFor(think, 'questions'),
      ...(!requester.isUser && typeof temperature === 'number' && temperature >= 0 ? { temperature } : {}),
      askedBy: requester.id,
      signal,
    };
  }

  private sinkFor({ request: { progress }, run }: Asking): AnswerSink {
    return {
      text: (text) => progress.report(new vscode.LanguageModelTextPart(text)),
      thinking: (text) => {
        if (ThinkingPart) progress.report(new ThinkingPart(text));
      },
      call: ({ id, name, arguments: args }) =>
        progress.report(new vscode.LanguageModelToolCallPart(id, name, args)),
      onEvent: (event) => run.onEvent(event),
    };
  }

  private tellBlind(model: string): void {
    if (this.toldBlind.has(model)) return;
    this.toldBlind.add(model);
    showInfo(
      vscode.l10n.t(
        'The model {0} cannot see images: it is told that there is one, and nothing more.',
        model,
      ),
    );
  }

  private tellLeftOut(left: readonly string[]): void {
    const { storage } = this.services;
    if (storage.get(toldKey) === true) return;
    void storage.update(toldKey, true);
    const names = left.slice(0, mostNamed).join(', ') + (left.length > mostNamed ? ', …' : '');
    showInfo(
      vscode.l10n.t(
        "VS Code's tools take much of the model's context window, so CodeWorm offers the essential ones and leaves out {0}: {1}.",
        left.length,
        names,
      ),
      [setting(vscode.l10n.t('Open Setting'), 'chat.tools')],
    );
  }

  private compare(): void {
    const now = this.currentSignature();
    if (now === this.signature) return;
    this.signature = now;
    this.changed();
  }

  /** When it changes, VS Code must request the models again. */
  private currentSignature(): string {
    const { clients, monitor } = this.services;
    const { origin, online, installed, allLoaded = [], problem } = monitor.facts;
    const { current } = clients;
    const models = installed.map((model) => {
      const { tools, images } = current.abilitiesOf(model);
      return [model.name, model.digest, windowOf(current, model), tools, images];
    });
    const loaded = allLoaded.map(({ name }) => name);
    return JSON.stringify([origin, online, models, loaded, problem?.kind === 'notApproved']);
  }
}

/** An abort controller that follows VS Code's token. */
function abortOn(token: vscode.CancellationToken): AbortController {
  const abort = new AbortController();
  const cancel = (): void => abort.abort(new vscode.CancellationError());
  if (token.isCancellationRequested) cancel();
  else token.onCancellationRequested(cancel);
  return abort;
}
