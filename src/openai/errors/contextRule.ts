import type { Rule } from '../../http/client/rule.ts';
import { OllamaContextError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';

/**
 * Texts for a prompt, or a prompt and its answer, that do not fit the context window. llama-server's text is
 * recorded; the others are from their sources and bug reports.
 */
const tooLong = [
  // llama-server
  /exceed_context_size_error|exceeds? the available context size/i,
  // vLLM, and OpenAI itself
  /maximum context length|context_length_exceeded|longer than the maximum model length|(?:is )?too long to fit into the model/i,
  /max_tokens'?(?: or 'max_completion_tokens')? is too large|max_(?:completion_)?tokens must be at least 1, got -/i,
  /the model'?s context length is only/i,
  // LM Studio
  /tokens to keep from the initial prompt is greater than the context length|when (?:the )?context (?:the )?overflows|exceeds? the (?:model'?s )?context (?:length|window)|reached context length/i,
  // TGI
  /`?inputs`? (?:tokens \+ `?max_new_tokens`? must be <=|must have less than)/i,
  // SGLang
  /longer than the model'?s context length|exceeds the maximum allowed length/i,
  // LiteLLM and the servers behind it
  /ContextWindowExceededError|(?:prompt|input) is too long|input length exceeds|context window (?:exceeded|overflow)/i,
  /token count \(\d+\) exceeds the maximum|reduce the length of the (?:messages|prompt|input)/i,
  // MLX
  /context length exceeded/i,
  // llama-cpp-python, TensorRT-LLM, and engines with a limit for sequences
  /exceeds? (?:the )?context window|exceeds (?:the )?max(?:imum)?[_ ](?:input|seq\w*)[_ ]len|greater than max_seq_len/i,
];

/** A number of tokens in the texts. The first matching pattern counts. */
const promptTokens = [
  /"n_prompt_tokens":\s*(\d+)/,
  /request \((\d+) tokens/,
  /\((\d+) (?:in the messages|of text input)/,
  /(\d+) tokens from the input messages/,
  /your (?:request|prompt) (?:has|contains at least) (\d+) input tokens/,
  /(?:You passed|resulted in) (\d+) (?:input )?tokens/,
  /[Tt]he input \((\d+) tokens\)/,
  /[Ii]nput length \((\d+) tokens\)/,
  /prompt \((?:total )?length (\d+)\)/,
  /keep the first (\d+) tokens/,
  /n_keep: (\d+)/,
  /Given: (\d+)/,
  /prompt is too long: (\d+)/,
  /token count \((\d+)\)/,
  /context length exceeded: (\d+)/i,
  /Prompt contains (\d+) tokens/,
  /Requested tokens \((\d+)\)/,
  /Prompt length \(?(\d+)/,
];
const windowTokens = [
  /"n_ctx":\s*(\d+)/,
  /context size \((\d+) tokens/,
  /maximum context length(?: is| of|:) (\d+)/,
  /context length exceeded: \d+ > (\d+)/i,
  /maximum model length of (\d+)/,
  /context length (?:is only|of only|\()\s*(\d+)/,
  /context length \((\d+) tokens\)/,
  /maximum allowed length \((\d+) tokens\)/,
  /n_ctx: (\d+)/,
  /must be <= (\d+)/,
  /must have less than (\d+)/,
  /> (\d+) maximum/,
  /number of tokens allowed \((\d+)\)/,
  /with (\d+) maximum context length/,
  /context window of (\d+)/,
  /(?:input length|max_seq_len) \(?(\d+)/,
];

/** The prompt does not fit, or leaves too little space for the requested answer. */
export const contextRule: Rule = {
  when: (_, text) => tooLong.some((pattern) => pattern.test(text)),
  kind: 'contextExceeded',
  make: (answer, text, details) => {
    const all = `${text} ${answer.body}`;
    const prompt = numberIn(all, promptTokens);
    const window = numberIn(all, windowTokens);
    const message =
      prompt > 0 && window > 0
        ? localizable(
            'The prompt does not fit the context window of the server ({0} of {1} tokens): ask about less code, or start the server with a larger window.',
            prompt,
            window,
          )
        : localizable(
            'The prompt does not fit the context window of the server: ask about less code, or start the server with a larger window.',
          );
    return new OllamaContextError(message, prompt, window, details);
  },
  quote: /^\D*$/,
};

function numberIn(text: string, patterns: readonly RegExp[]): number {
  return Number(patterns.map((pattern) => pattern.exec(text)?.[1]).find(Boolean) ?? 0);
}
