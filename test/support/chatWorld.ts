// The chat's participant without VS Code: a replacement for its API, the real queue and client, and a
// response that is recorded.
import { defaultSettings, OllamaClient } from '../../src/ollama/index.ts';
import { ChatResponseTurn, Location, nothing, Range, Uri } from './chatVscode.ts';
import type { OllamaDouble } from './double/index.ts';

const { ChatParticipant } = await import('../../src/chat/participant/participant.ts');
const { GenerationQueue } = await import('../../src/generation/queue.ts');
const { LastAnswer } = await import('../../src/generation/lastAnswer.ts');
const { Priorities } = await import('../../src/generation/priorities.ts');

interface Asked {
  command?: string;
  prompt?: string;
  /** Paths of files, or lines of one, counted from 0, both included. */
  attach?: (string | { path: string; first: number; last: number })[];
}

/** A conversation with the participant, with a test double as the server. */
export class Conversation {
  readonly lastAnswer = new LastAnswer(() => undefined);
  readonly client: OllamaClient;
  isApproved = true;
  private readonly participant: InstanceType<typeof ChatParticipant>;
  private readonly results: unknown[] = [];

  constructor(double: OllamaDouble) {
    this.client = new OllamaClient({ ...defaultSettings, baseUrl: double.url, model: 'tiny:latest' });
    this.participant = new ChatParticipant(this.services() as never);
  }

  /** Asks, and returns what the chat shows. */
  async ask(
    { command, prompt = '', attach = [] }: Asked,
    onText?: (text: string, cancel: () => void) => void,
  ): Promise<Written> {
    const written = new Written();
    let cancelled = (): void => undefined;
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => {
        cancelled = listener;
        return nothing;
      },
    };
    written.onText = () =>
      onText?.(written.text, () => {
        token.isCancellationRequested = true;
        cancelled();
      });
    const references = attach.map(referenceTo);
    const history = this.results.map((result) => new ChatResponseTurn(result));
    const request = { command, prompt, references };
    const result = await this.participant.ask(
      request as never,
      { history } as never,
      written as never,
      token as never,
    );
    this.results.push(result);
    return written;
  }

  /** Presses a button under an answer. */
  async press({ buttons }: Pick<Written, 'buttons'>, title: string): Promise<void> {
    const button = buttons.find((one) => one.title === title);
    await this.participant.buttons.press(button?.arguments[0]);
  }

  /** Suggestions for the next question. */
  followUps(): string[] {
    return this.participant.followUps(this.results.at(-1) as never).map(({ prompt }) => prompt);
  }

  /** Simulates a new window: only what VS Code has stored is known of answers. */
  get kept(): unknown[] {
    return JSON.parse(JSON.stringify(this.results)) as unknown[];
  }

  private services(): object {
    const { client, lastAnswer } = this;
    const clients = {
      current: client,
      connection: {
        address: client.address,
        ownAddress: true,
        ownHeaders: [],
        workspaceHeaders: [],
      },
      thinkSupport: { hasRefused: () => false },
      use: async (work: (client: OllamaClient) => Promise<unknown>) => work(client),
    };
    const quiet = { begin() {}, onEvent() {}, end() {} };
    return {
      clients,
      lastAnswer,
      queue: new GenerationQueue(
        clients as never,
        new Priorities(),
        quiet,
        () => undefined,
        (_, error) => {
          throw error;
        },
      ),
      configuration: { current: { models: {}, think: 'auto', answerLanguage: undefined } },
      monitor: { facts: { installed: [] }, reportSuccess() {}, reportFailure() {} },
      trust: { approvals: { covers: () => this.isApproved, give: async () => undefined } },
      usage: { note() {} },
      speeds: { note() {}, readingMs: () => undefined },
      walkthroughProgress: { explained() {} },
    };
  }
}

function referenceTo(attached: NonNullable<Asked['attach']>[number]): object {
  if (typeof attached === 'string') return { id: `file://${attached}`, value: new Uri(attached) };
  const { path, first, last } = attached;
  return { id: path, value: new Location(new Uri(path), new Range(first, 0, last, 1000)) };
}

/** The participant's response in the chat. */
export class Written {
  text = '';
  readonly progressed: string[] = [];
  readonly referenced: unknown[] = [];
  readonly buttons: { title: string; arguments: unknown[] }[] = [];
  onText = (): void => undefined;

  readonly markdown = (text: string): void => {
    this.text += text;
    this.onText();
  };
  readonly progress = (text: string): void => void this.progressed.push(text);
  readonly reference = (value: unknown): void => void this.referenced.push(value);
  readonly button = (button: { title: string; arguments: unknown[] }): void => void this.buttons.push(button);

  get titles(): string[] {
    return this.buttons.map(({ title }) => title);
  }
}
