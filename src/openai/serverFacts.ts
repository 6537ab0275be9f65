import type { Slots } from '../http/client/capabilities.ts';
import { OllamaError } from '../http/errors.ts';
import type { OpenAIApi } from './api.ts';
import type { ServerProps } from './serverProps.ts';

/** What a server reports about itself. Each fact is requested once. All methods reject only with the signal's reason. */
export class ServerFacts {
  private readonly api: OpenAIApi;
  private knownVersion: string | undefined;
  private hasNoSlots = false;
  /** Only llama-server has them. */
  props: ServerProps | undefined;

  constructor(api: OpenAIApi) {
    this.api = api;
  }

  /** The next request may reach another server, or the same one with other options. */
  forget(): void {
    this.props = this.knownVersion = undefined;
    this.hasNoSlots = false;
  }

  /** Asks llama-server for its facts, unless they are known. */
  async learnProps(signal: AbortSignal): Promise<void> {
    this.props ??= await this.api.props(signal).catch(() => {
      signal.throwIfAborted();
      return undefined;
    });
  }

  /** How busy llama-server is. */
  async slots(signal: AbortSignal): Promise<Slots | undefined> {
    if (this.hasNoSlots) return undefined;
    return this.api.slots(signal).catch((error: unknown) => {
      signal.throwIfAborted();
      this.hasNoSlots = error instanceof OllamaError && error.status !== undefined;
      return undefined;
    });
  }

  /** Empty when the server does not report it. */
  async version(signal: AbortSignal, isVllm: boolean): Promise<string> {
    this.knownVersion ??= await this.askVersion(signal, isVllm).catch(() => {
      signal.throwIfAborted();
      return '';
    });
    return this.knownVersion;
  }

  private async askVersion(signal: AbortSignal, isVllm: boolean): Promise<string> {
    if (this.props) return this.props.build;
    return isVllm ? this.api.version(signal) : '';
  }
}
