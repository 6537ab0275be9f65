// A suggester as created by the extension, with a double of the server and a document to type in.
import { Priorities } from '../../src/generation/priorities.ts';
import { chooseInfillModel, type InfillChoice } from '../../src/completion/infillModel.ts';
import type { Outcome } from '../../src/completion/outcome.ts';
import type { Place } from '../../src/completion/place.ts';
import type { Answered, StreamingClient } from '../../src/completion/request.ts';
import { Suggester, type SuggesterDependencies } from '../../src/completion/suggester.ts';
import { clientFor } from './faults.ts';
import { startDouble, type DoubleOptions, type OllamaDouble, type RecordedRequest } from './double/index.ts';

export const infillModel = {
  name: 'qwen2.5-coder:1.5b-base',
  family: 'qwen2',
  capabilities: ['completion', 'insert'],
};

export const isSuggestion = ({ path, body }: RecordedRequest): boolean =>
  path === '/api/generate' && (body.suffix !== undefined || body.raw === true);

export interface World extends AsyncDisposable {
  double: OllamaDouble;
  client: ReturnType<typeof clientFor>;
  priorities: Priorities;
  suggester: Suggester;
  answers: Answered[];
  /** The requests for suggestions so far. */
  asked: () => RecordedRequest[];
}

export async function makeWorld(
  options: DoubleOptions = {},
  more: Partial<SuggesterDependencies> = {},
): Promise<World> {
  const double = await startDouble({ models: [infillModel], ...options });
  const client = clientFor(double.url, { model: infillModel.name });
  const priorities = new Priorities();
  const answers: Answered[] = [];
  const suggester = suggesterFor(client, { priorities, answered: (answer) => answers.push(answer), ...more });
  return {
    double,
    client,
    priorities,
    suggester,
    answers,
    asked: () => double.requests.filter(isSuggestion),
    async [Symbol.asyncDispose]() {
      suggester.leave();
      await client.close();
      await double.close();
    },
  };
}

/** A suggester for a server, without pauses by default. As in the extension, the model is chosen once. */
export function suggesterFor(
  client: StreamingClient & Pick<ReturnType<typeof clientFor>, 'installedModels'>,
  more: Partial<SuggesterDependencies> = {},
): Suggester {
  let chosen: Promise<InfillChoice> | undefined;
  const choose = async (): Promise<InfillChoice> =>
    chooseInfillModel({
      wanted: '',
      inUse: infillModel.name,
      installed: await client.installedModels(),
      memoryBytes: undefined,
      modelInfo: () => Promise.resolve(undefined),
    });
  return new Suggester({
    priorities: new Priorities(),
    model: () => (chosen ??= choose()),
    use: (work) => work(client),
    pauseMs: () => 0,
    ...more,
  });
}

/** A document with a cursor. The suggester gets its changes as from VS Code. */
export class TypedDocument {
  before: string;
  readonly after: string;
  private readonly suggester: Suggester;
  readonly name: string;

  constructor(suggester: Suggester, before: string, after: string, name = 'file:///a.ts') {
    this.suggester = suggester;
    this.before = before;
    this.after = after;
    this.name = name;
  }

  get place(): Place {
    return {
      document: this.name,
      offset: this.before.length,
      prefix: this.before,
      suffix: this.after,
      path: 'src/a.ts',
      languageId: 'typescript',
      byHand: false,
    };
  }

  type(text: string): void {
    this.suggester.follow(this.name, [{ offset: this.before.length, length: 0, text }]);
    this.before += text;
  }

  suggest(more: Partial<Place> = {}, signal = new AbortController().signal): Promise<Outcome> {
    return this.suggester.suggest({ ...this.place, ...more }, signal);
  }
}

export function textOf(outcome: Outcome): string {
  if (outcome.kind === 'shown') return outcome.text;
  throw new Error(`no suggestion: ${outcome.reason}`);
}
