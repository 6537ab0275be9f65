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
    name: 'behind code that quotes one',
    answer: `\`\`\`xml\n<tool_call>${otherJson}</tool_call>\n\`\`\`\n${json}`,
    text: `\`\`\`xml\n<tool_call>${otherJson}</tool_call>\n\`\`\`\n`,
    called: [call],
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
  'JSON with text behind it': `${json} does it.`,
  'code within a line': `Use \`<tool_call>${json}</tool_call>\`, or \`${json}\`.`,
  'fenced code with text behind it': `Like this:\n\`\`\`json\n${json}\n\`\`\`\nThat reads.`,
  'fenced code of a language': `\`\`\`ts\n${json}\n\`\`\``,
  'a mark alone': 'The mark <tool_call> begins a call, [TOOL_CALLS] does too.',
  'thoughts alone': `<think>\n${json}\n</think>\nDone.`,
  'thoughts without an end': `<think>\n<tool_call>${json}</tool_call>`,
  'harmony for nobody': `<|channel|>commentary<|message|>I look.<|end|>`,
  'harmony for another tool': `<|channel|>commentary to=functions.nothing<|message|>{}<|call|>`,
  'XML for another tool': '<function=nothing><parameter=a>1</parameter></function>',
  'XML with something between': '<function=read_file><parameter=filePath>/a</parameter>and</function>',
  Markdown:
    '# A\n\n- [ ] one\n- [x] two\n\n[link](https://example.test) {not} [one] `a`\n\n~~~\n{"name": 1}\n~~~\n',
  'a JSON answer': '{\n  "name": "codeworm",\n  "version": "1.0.0"\n}\n',
};
