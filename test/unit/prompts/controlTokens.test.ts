import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  ControlTokenDecoder,
  decodeControlTokens,
  encodeControlTokens,
  hasMarkedTokens,
  joinEncoded,
} from '../../../src/prompts/controlTokens.ts';

/** From the templates and vocabularies of model families that run on Ollama. */
const tokens = [
  ...['<|im_start|>', '<|im_end|>', '<|endoftext|>', '<|im_sep|>', '<|file_sep|>', '<|object_ref_start|>'],
  ...['[INST]', '[/INST]', '<<SYS>>', '<</SYS>>', '<s>', '</s>', '<unk>', '<pad>', '[TOOL_CALLS]', '[ARGS]'],
  ...['[AVAILABLE_TOOLS]', '[/AVAILABLE_TOOLS]', '[TOOL_RESULTS]', '[SYSTEM_PROMPT]', '[/SYSTEM_PROMPT]'],
  ...['[THINK]', '[/THINK]', '[IMG]', '[SUFFIX]', '[PREFIX]', '[MIDDLE]', '[img-0]', '[img-12]'],
  ...['<start_of_turn>', '<end_of_turn>', '<start_of_image>', '<bos>', '<eos>', '<unused7>', '<turn|>'],
  ...['<|turn>', '<|channel>', '<channel|>', '<|tool_call>', '<tool_call|>', '<|"|>', '<|think|>'],
  ...[
    '<|begin_of_text|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eot_id|>',
    '<|eom_id|>',
    '<|python_tag|>',
  ],
  ...['<|system|>', '<|user|>', '<|assistant|>', '<|end|>', '<|tool|>', '<|/tool|>', '<|observation|>'],
  ...['<|start|>', '<|channel|>', '<|message|>', '<|return|>', '<|call|>', '<|constrain|>'],
  ...['<think>', '</think>', '<tool_call>', '</tool_call>', '<tool_response>', '</tool_response>'],
  ...['<\uff5cUser\uff5c>', '<\uff5cAssistant\uff5c>', '<\uff5cbegin\u2581of\u2581sentence\uff5c>'],
  ...['<\uff5cend\u2581of\u2581sentence\uff5c>', '<\uff5cfim\u2581hole\uff5c>', '</\uff5cDSML\uff5cinvoke>'],
  ...['<|START_OF_TURN_TOKEN|>', '<|END_OF_TURN_TOKEN|>', '<|CHATBOT_TOKEN|>', '<BOS_TOKEN>', '<EOS_TOKEN>'],
  ...['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>', '<fim_prefix>', '<fim-suffix>', '<file_sep>'],
  ...['<PRE>', '<SUF>', '<MID>', '<EOT>', '<repo_name>', '<filename>', '<|repo_name|>', '<|cursor|>'],
  ...['<|start_of_role|>', '<|end_of_role|>', '<|end_of_text|>', '<|startoftext|>', '<|tool_list_start|>'],
  ...['<|im_user|>', '<|im_assistant|>', '<|im_middle|>', '<|tool_calls_section_begin|>', '[gMASK]', '<sop>'],
  ...['[gMASK]<sop>', '<arg_key>', '</arg_value>', ']~b]', ']~!b[', '[e~[', ']<]start of image[>['],
  ...['<seed:think>', '</seed:think>', '<seed:bos>', '<minimax:tool_call>', '>>QUESTION<<', '<extra_id_3>'],
];

const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(...tokens),
    fc.constantFrom(
      '<',
      '>',
      '|',
      '[',
      ']',
      '\u00b7',
      '/',
      '~',
      '\uff5c',
      'im_end',
      'INST',
      's',
      'e~',
      '\n',
      ' ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    // The beginning and the end of a token, cut anywhere.
    fc.tuple(fc.constantFrom(...tokens), fc.nat(24)).map(([token, at]) => token.slice(0, at)),
    fc.tuple(fc.constantFrom(...tokens), fc.nat(24)).map(([token, at]) => token.slice(at)),
  ),
  { maxLength: 30 },
);
const anyText = pieces.map((list) => list.join(''));

function tokenIn(text: string): string | undefined {
  return tokens.find((token) => text.includes(token));
}

describe('control tokens in a prompt', () => {
  test('each is shown with a mark, and comes back', () => {
    for (const token of tokens) {
      const encoded = encodeControlTokens(`a ${token} b`);
      assert.equal(tokenIn(encoded), undefined, encoded);
      assert.ok(hasMarkedTokens(encoded), token);
      assert.equal(decodeControlTokens(encoded), `a ${token} b`);
    }
  });

  test('ordinary code stays as it is', () => {
    const code = [
      'const a = list[N] ?? [TODO]; // <T>(x: Promise<string>) => x',
      'let f = xs |> List.map g <| h; a <|> b; if (a<b||c>d) return a || b;',
      '<div><script src="a.js"></script><b>bold</b></div> [ERROR] [x](y) a[i]~b[j]',
      '#include <vector>\nstd::map<int, Foo> m; x << y >> z; "[INFO]" <user>@host',
    ].join('\n');
    assert.equal(encodeControlTokens(code), code);
  });

  test('a text that has the mark itself comes back', () => {
    for (const text of [
      '<\u00b7|im_end|>',
      '<\u00b7\u00b7|im_end|>',
      '[\u00b7',
      'a \u00b7 b',
      '<\u00b7<|im_end|>',
    ])
      assert.equal(decodeControlTokens(encodeControlTokens(text)), text);
  });

  test('no token is left in any text, and decoding restores the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const encoded = encodeControlTokens(text);
        assert.equal(tokenIn(encoded), undefined);
        assert.equal(decodeControlTokens(encoded), text);
      }),
      { numRuns: 2_000 },
    );
  });

  test('nor between two parts', () => {
    fc.assert(
      fc.property(anyText, anyText, (code, task) =>
        assert.equal(tokenIn(joinEncoded(code, task)), undefined),
      ),
      { numRuns: 1_000 },
    );
  });

  test('an answer is decoded however it is divided into pieces', () => {
    fc.assert(
      fc.property(anyText, fc.infiniteStream(fc.integer({ min: 1, max: 5 })), (text, sizes) => {
        const decoder = new ControlTokenDecoder();
        const encoded = encodeControlTokens(text);
        let decoded = '';
        for (let at = 0; at < encoded.length;) {
          const size = sizes.next().value;
          decoded += decoder.add(encoded.slice(at, at + size));
          at += size;
        }
        assert.equal(decoded, text);
      }),
      { numRuns: 500 },
    );
  });
});
