import type { TextCall } from '../../../../src/chat/provider/toolTextJson.ts';
import { calls } from './toolTextReading.ts';

const call = calls.readFile('/src/a.ts');
const other = calls.readFile('/src/b.ts');
const json = JSON.stringify(call);
const otherJson = JSON.stringify(other);
const args = JSON.stringify(call.arguments);

interface Case {
  name: string;
  answer: string;
  /** The text that remains; none by default. */
  text?: string;
  called: TextCall[];
}

/** Answers with calls. */
export const asCalls: Case[] = [
  { name: 'a JSON object', answer: json, called: [call] },
  { name: 'a JSON object over several lines', answer: `${JSON.stringify(call, null, 2)}\n`, called: [call] },
  {
    name: 'a JSON object behind a sentence',
    answer: `I look.\n\n${json}\n`,
    text: 'I look.\n\n',
    called: [call],
  },
  { name: 'a JSON object before a sentence', answer: `${json}\nSee.`, text: '\nSee.', called: [call] },
  {
    name: 'a JSON object behind a sentence in its line, at the end of the answer',
    answer: `I look. ${json}\n`,
    text: 'I look. ',
    called: [call],
  },
  { name: 'a list', answer: `[${json}, ${otherJson}]`, called: [call, other] },
  { name: 'objects one after the other', answer: `${json}\n${otherJson}`, called: [call, other] },
  { name: 'objects with a semicolon between', answer: `${json}; ${otherJson}`, called: [call, other] },
  { name: '"parameters"', answer: `{"name": "read_file", "parameters": ${args}}`, called: [call] },
  {
    name: 'the form of other APIs',
    answer: `{"tool_calls": [{"id": "1", "type": "function", "function": {"name": "read_file", "arguments": ${JSON.stringify(args)}}}]}`,
    called: [call],
  },
  {
    name: 'no arguments',
    answer: '{"name": "get_errors", "arguments": {}}',
    called: [{ name: 'get_errors', arguments: {} }],
  },
  { name: 'fenced JSON', answer: `\`\`\`json\n${json}\n\`\`\``, called: [call] },
  {
    name: 'fenced JSON behind a sentence',
    answer: `So:\n\`\`\`\n${json}\n\`\`\`\n`,
    text: 'So:\n',
    called: [call],
  },
  {
    name: 'two fenced blocks',
    answer: `\`\`\`json\n${json}\n\`\`\`\n\`\`\`json\n${otherJson}\n\`\`\``,
    called: [call, other],
  },
  { name: '<tool_call>', answer: `<tool_call>\n${json}\n</tool_call>`, called: [call] },
  { name: '<tool_call> that is never closed', answer: `<tool_call>\n${json}`, called: [call] },
  {
    name: 'several <tool_call> behind a sentence',
    answer: `Both.\n<tool_call>${json}</tool_call>\n<tool_call>${otherJson}</tool_call>`,
    text: 'Both.\n',
    called: [call, other],
  },
  { name: '<tools>', answer: `<tools>${json}</tools>`, called: [call] },
  {
    name: '<tool_call> with XML',
    answer:
      '<tool_call>\n<function=read_file>\n<parameter=filePath>\n/src/a.ts\n</parameter>\n<parameter=startLine>\n3\n</parameter>\n</function>\n</tool_call>',
    called: [{ name: 'read_file', arguments: { filePath: '/src/a.ts', startLine: 3 } }],
  },
  {
    name: 'XML with marks in a value',
    answer:
      '<function=create_file>\n<parameter=filePath>\n/x\n</parameter>\n<parameter=content>\n1</parameter> 2 </function> 3\n</parameter>\n</function>',
    called: [
      { name: 'create_file', arguments: { filePath: '/x', content: '1</parameter> 2 </function> 3' } },
    ],
  },
  {
    name: '<tool_call> with keys and values',
    answer:
      '<tool_call>read_file\n<arg_key>filePath</arg_key>\n<arg_value>/src/a.ts</arg_value>\n</tool_call>',
    called: [call],
  },
  { name: '<function=', answer: `<function=read_file>${args}</function>`, called: [call] },
  { name: '[TOOL_CALLS]', answer: `[TOOL_CALLS][${json},${otherJson}]`, called: [call, other] },
  {
    name: '[TOOL_CALLS] with names',
    answer: `[TOOL_CALLS]read_file${args}[TOOL_CALLS]read_file[ARGS]${args}`,
    called: [call, call],
  },
  { name: '<|python_tag|>', answer: `<|python_tag|>${json}<|eom_id|>`, called: [call] },
  { name: '<|tool_call|>', answer: `<|tool_call|>[${json}]<|/tool_call|>`, called: [call] },
  {
    name: 'harmony',
    answer: `<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>${args}<|call|>`,
    called: [call],
  },
  {
    name: 'harmony, addressed before the channel',
    answer: `<|start|>assistant to=functions.read_file<|channel|>commentary json<|message|>${args}<|call|>`,
    called: [call],
  },
  {
    name: 'harmony without its marks',
    answer: `commentary to=functions.read_file json${args}`,
    called: [call],
  },
  {
    name: 'behind thoughts, in which it is only thought of',
    answer: `<think>Perhaps <tool_call>${otherJson}</tool_call></think>\n${json}`,
    text: `<think>Perhaps <tool_call>${otherJson}</tool_call></think>\n`,
    called: [call],
  },
  {
    name: 'harmony behind thoughts, in which another is only thought of',
    answer: `<|channel|>analysis<|message|>Perhaps\n${otherJson}\n<|end|><|start|>assistant<|channel|>commentary to=functions.read_file<|message|>${args}<|call|>`,
    text: `<|channel|>analysis<|message|>Perhaps\n${otherJson}\n<|end|>`,
    called: [call],
  },
  {
    name: 'behind code that quotes one',
    answer: `\`\`\`xml\n<tool_call>${otherJson}</tool_call>\n\`\`\`\n${json}`,
    text: `\`\`\`xml\n<tool_call>${otherJson}</tool_call>\n\`\`\`\n`,
    called: [call],
  },
  {
    name: 'two objects in one fence',
    answer: `\`\`\`json\n${json}\n${otherJson}\n\`\`\``,
    called: [call, other],
  },
  { name: 'a fence in capitals with CRLF', answer: `\`\`\`JSON\r\n${json}\r\n\`\`\`\r\n`, called: [call] },
  {
    name: 'a fence behind a word, as Command R writes it',
    answer: `Action: \`\`\`json\n[\n{"tool_name": "read_file", "parameters": ${args}}\n]\n\`\`\``,
    text: 'Action: ',
    called: [call],
  },
  {
    name: 'a message of a server',
    answer: `{"role": "assistant", "content": null, "tool_calls": [{"function": {"name": "read_file", "arguments": ${args}}}]}`,
    called: [call],
  },
  {
    name: '<tool_call> behind a sentence in its line, and a sentence behind it',
    answer: `I look. <tool_call>${json}</tool_call> Then I go on.`,
    text: 'I look.  Then I go on.',
    called: [call],
  },
  {
    name: 'XML of two functions in one <tool_call>',
    answer: `<tool_call>\n<function=read_file>\n<parameter=filePath>\n/src/a.ts\n</parameter>\n</function>\n<function=read_file>\n<parameter=filePath>\n/src/b.ts\n</parameter>\n</function>\n</tool_call>`,
    called: [call, other],
  },
  { name: '[TOOL_CALLS] with an end mark', answer: `[TOOL_CALLS] [${json}]</s>`, called: [call] },
  {
    name: '[TOOL_CALLS] with names and ids',
    answer: `[TOOL_CALLS]read_file[CALL_ID]abc123def[ARGS]${args}[TOOL_CALLS]read_file[CALL_ID]xyz[ARGS]${args}`,
    called: [call, call],
  },
  {
    name: '<|python_tag|> with several calls',
    answer: `<|python_tag|>${json}; ${otherJson}<|eom_id|>`,
    called: [call, other],
  },
  {
    name: 'harmony that has lost its channel',
    answer: `to=functions.read_file <|constrain|>json<|message|>${args}`,
    called: [call],
  },
  {
    name: 'harmony with two calls',
    answer: [args, JSON.stringify(other.arguments)]
      .map((one) => `<|channel|>commentary to=functions.read_file <|constrain|>json<|message|>${one}<|call|>`)
      .join('<|start|>assistant'),
    called: [call, other],
  },
  {
    name: 'Functionary',
    answer: `>>>all\nI look.\n>>>read_file\n${args}`,
    text: '>>>all\nI look.\n',
    called: [call],
  },
  {
    name: 'two <function=',
    answer: `<function=read_file>${args}</function><function=read_file>${args}</function>`,
    called: [call, call],
  },
  {
    name: 'DeepSeek',
    answer: `<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>read_file\n\`\`\`json\n${args}\n\`\`\`<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>read_file<｜tool▁sep｜>${args}<｜tool▁call▁end｜><｜tool▁calls▁end｜>`,
    called: [call, call],
  },
  {
    name: 'Kimi',
    answer: `<|tool_calls_section_begin|><|tool_call_begin|>functions.read_file:0<|tool_call_argument_begin|>${args}<|tool_call_end|><|tool_calls_section_end|>`,
    called: [call],
  },
  {
    name: '<invoke>',
    answer:
      '<minimax:tool_call>\n<invoke name="read_file">\n<parameter name="filePath">/src/a.ts</parameter>\n</invoke>\n</minimax:tool_call>',
    called: [call],
  },
  {
    name: 'calls that are only the text of an argument',
    answer: `<tool_call>${JSON.stringify({ name: 'create_file', arguments: { filePath: '/x', content: `<tool_call>${json}</tool_call>\n${json}` } })}</tool_call>`,
    called: [
      {
        name: 'create_file',
        arguments: { filePath: '/x', content: `<tool_call>${json}</tool_call>\n${json}` },
      },
    ],
  },
];

/** Answers without a call. */
export const asText: Record<string, string> = {
  'a tool that was not offered': '{"name": "delete_file", "arguments": {"filePath": "/a"}}',
  'arguments of the wrong type': '{"name": "read_file", "arguments": {"filePath": 3}}',
  'arguments that lack something':
    '<tool_call>{"name": "read_file", "arguments": {"startLine": 1}}</tool_call>',
  'arguments that nobody knows':
    '[TOOL_CALLS][{"name": "read_file", "arguments": {"filePath": "/a", "force": true}}]',
  'a list of which one is no call': `[${json}, {"name": "nothing", "arguments": {}}]`,
  'no arguments at all': '{"name": "get_errors"}',
  'other fields': '{"name": "get_errors", "arguments": {}, "comment": "x"}',
  'JSON that is not whole': '<tool_call>{"name": "read_file", "arguments": {"filePath": "/a"',
  'JSON with an error': '<tool_call>{"name": "read_file", "arguments": {"filePath": "/a",}}</tool_call>',
  'JSON within a line': `Write ${json} to read.`,
  'JSON at the end of a line, before other text': `For example: ${json}\nThat reads.`,
  'JSON with text behind it': `${json} does it.`,
  'code within a line': `Use \`<tool_call>${json}</tool_call>\`, or \`${json}\`.`,
  'code that begins earlier in its line': `Use \`x <tool_call>${json}</tool_call>\` for it.`,
  'a quotation': `The form is "<tool_call>${json}</tool_call>", nothing else.`,
  'a part of a sentence': `Write <tool_call>${json}</tool_call> to read a file.`,
  'indented code': `So:\n\n    ${json}\n\t<tool_call>${json}</tool_call>\n`,
  'a list': `- ${json}\n1. ${json}\n> ${json}`,
  'fenced tags': `\`\`\`\n<tool_call>${json}</tool_call>\n\`\`\``,
  'two objects in one fence of which one is no call': `\`\`\`json\n${json}\n{"name": "nothing"}\n\`\`\``,
  'a message of a server with a text': `{"role": "assistant", "content": "x", "tool_calls": [${json}]}`,
  'arguments that are nothing': '{"name": "get_errors", "arguments": null}',
  'two names': `{"name": "read_file", "tool": "create_file", "arguments": ${args}}`,
  'a session of Python': `>>> read_file\n{}\n>>>nothing\n{}`,
  'other tools of DeepSeek and Kimi': `<｜tool▁call▁begin｜>nothing<｜tool▁sep｜>{}<|tool_call_begin|>functions.nothing:0<|tool_call_argument_begin|>{}`,
  '<invoke> of another tool': '<invoke name="nothing"><parameter name="a">1</parameter></invoke>',
  'fenced code with text behind it': `Like this:\n\`\`\`json\n${json}\n\`\`\`\nThat reads.`,
  'fenced code of a language': `\`\`\`ts\n${json}\n\`\`\``,
  'a mark alone': 'The mark <tool_call> begins a call, [TOOL_CALLS] does too.',
  'thoughts alone': `<think>\n${json}\n</think>\nDone.`,
  'thoughts without an end': `<think>\n<tool_call>${json}</tool_call>`,
  'thoughts of harmony': `<|channel|>analysis<|message|>\n${json}\n<|end|><|start|>assistant<|channel|>final<|message|>Done.`,
  'harmony for nobody': `<|channel|>commentary<|message|>I look.<|end|>`,
  'harmony for another tool': `<|channel|>commentary to=functions.nothing<|message|>{}<|call|>`,
  'XML for another tool': '<function=nothing><parameter=a>1</parameter></function>',
  'XML with something between': '<function=read_file><parameter=filePath>/a</parameter>and</function>',
  Markdown:
    '# A\n\n- [ ] one\n- [x] two\n\n[link](https://example.test) {not} [one] `a`\n\n~~~\n{"name": 1}\n~~~\n',
  'a JSON answer': '{\n  "name": "codeworm",\n  "version": "1.0.0"\n}\n',
};
