import { OllamaError, localizable, type GenerationResult, type ErrorKind } from '../ollama/index.ts';

/** Endings without text, which say nothing about the server. */
const endings: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'toolCallsOnly',
  'thinkingOnly',
  'notGenerated',
  'emptyAnswer',
]);

/** Whether an error is about an answer that came, and was none. */
export function isEmptyAnswer(error: OllamaError): boolean {
  return endings.has(error.kind);
}

/** What is wrong with a whole answer that has no text; `undefined` when it has some. */
export function emptyAnswerError(result: GenerationResult): OllamaError | undefined {
  const { text, thinking, toolCalls, doneReason, model, completionTokens } = result;
  if (text.trim() !== '') return undefined;
  if (doneReason === 'load' || doneReason === 'unload')
    return new OllamaError(
      localizable(
        'No answer came: the server only loaded the model "{0}", as it does when no prompt reaches it. Ask again, and check what stands between CodeWorm and Ollama.',
        model,
      ),
      { kind: 'notGenerated' },
    );
  const [call] = toolCalls;
  if (call)
    return new OllamaError(
      localizable(
        'No answer came: instead of writing text, the model "{0}" called a tool ("{1}"). Ask again, or choose another model.',
        model,
        call.name.slice(0, 60),
      ),
      { kind: 'toolCallsOnly' },
    );
  if (thinking.trim() !== '') return thinkingOnly(model, doneReason === 'length', completionTokens);
  return new OllamaError(
    localizable('No answer came: the model "{0}" wrote nothing. Ask again, or choose another model.', model),
    { kind: 'emptyAnswer' },
  );
}

function thinkingOnly(model: string, isCut: boolean, tokens: number): OllamaError {
  const message = isCut
    ? localizable(
        'No answer came: the model "{0}" needed all of its {1} tokens for thinking. Ask without thinking, or allow a longer answer.',
        model,
        tokens,
      )
    : localizable(
        'No answer came: the model "{0}" only thought, and wrote nothing. Ask without thinking, or choose another model.',
        model,
      );
  return new OllamaError(message, { kind: 'thinkingOnly' });
}
