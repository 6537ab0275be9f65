import { ToolTextReader, type ToolTextPart } from '../../../../src/chat/provider/toolText.ts';
import type { OfferedTool, TextCall } from '../../../../src/chat/provider/toolTextJson.ts';

/** The tools that tests offer, with schemas as VS Code has them. */
export const tools: OfferedTool[] = [
  {
    name: 'read_file',
    parameters: {
      type: 'object',
      properties: {
        filePath: { type: 'string' },
        startLine: { type: 'number' },
        endLine: { type: 'number' },
      },
      required: ['filePath'],
      additionalProperties: false,
    },
  },
  {
    name: 'create_file',
    parameters: {
      type: 'object',
      properties: { filePath: { type: 'string', description: 'Where' }, content: { type: 'string' } },
      required: ['filePath', 'content'],
    },
  },
  { name: 'get_errors' },
];

export const calls = {
  readFile: (filePath: string): TextCall => ({ name: 'read_file', arguments: { filePath } }),
};

/** The text and calls of an answer that comes in pieces of this many characters. */
export function read(answer: string, size: number): { text: string; calls: TextCall[] } {
  const count = Math.ceil(answer.length / size);
  return readParts(
    Array.from({ length: count }, (_, index) => answer.slice(index * size, (index + 1) * size)),
  );
}

/** The text and calls of an answer that comes in these pieces. */
export function readParts(pieces: readonly string[]): { text: string; calls: TextCall[] } {
  const reader = new ToolTextReader(tools);
  const parts: ToolTextPart[] = [...pieces.flatMap((piece) => reader.add(piece)), ...reader.finish()];
  return {
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: parts.flatMap((part) => (part.type === 'call' ? [part.call] : [])),
  };
}
