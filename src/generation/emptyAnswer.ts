import {
  OllamaError,
  localizable,
  type ErrorKind,
  type GenerationResult,
  type LocalizableMessage,
} from '../ollama/index.ts';

/** Kinds of errors for a complete answer without text. They are not errors of the server. */
const endings: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'toolCallsOnly',
  'thinkingOnly',
  'notGenerated',
  'emptyAnswer',
]);

/** Whether an error means that the answer arrived but was empty. */
export function isEmptyAnswer(error: OllamaError): boolean {
  return endings.has(error.kind);
}

/** The error for a complete answer without text; undefined when it has text. */
export function emptyAnswerError(result: GenerationResult): OllamaError | undefined {
  const { text, thinking, toolCalls, doneReason, model, completionTokens } = result;
  if (text.trim() !== '') return undefined;
  if (doneReason === 'load' || doneReason === 'unload')
    return new OllamaError(
      localizable(
        'No answer came: the server only loaded the model "{0}", as it does when no prompt reaches it. Ask again, and check what is between CodeWorm and the server.',
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

function thinkingOnly(model: string, isCut: boolean, tokens: number | undefined): OllamaError {
  return new OllamaError(thinkingOnlyMessage(model, isCut, tokens), { kind: 'thinkingOnly' });
}

function thinkingOnlyMessage(model: string, isCut: boolean, tokens: number | undefined): LocalizableMessage {
  if (isCut && tokens === undefined)
    return localizable(
      'No answer came: the model "{0}" needed all of its tokens for thinking. Ask without thinking, or allow a longer answer.',
      model,
    );
  return isCut
    ? localizable(
        'No answer came: the model "{0}" needed all of its {1} tokens for thinking. Ask without thinking, or allow a longer answer.',
        model,
        tokens,
      )
    : localizable(
        'No answer came: the model "{0}" only thought, and wrote nothing. Ask without thinking, or choose another model.',
        model,
      );
}
