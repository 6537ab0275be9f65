import { isFields, type ToolDefinition } from '../../ollama/index.ts';
import { essentialTools, replacements } from './essentialTools.ts';
import { withSortedKeys } from './sortedKeys.ts';

/** A tool in VS Code's format. */
export interface VscodeTool {
  name: string;
  description: string;
  inputSchema?: object | undefined;
}

/** Most characters of a parameter's description in the short list. */
const mostDescriptionChars = 100;
/** Our own tools already have short descriptions. */
const ownTool = /^codeworm_/;

/**
 * The tools in the server's format, in an order that does not depend on VS Code's: they come before the
 * conversation, so another order would cause the server to evaluate all of it again.
 */
export function toTools(tools: readonly VscodeTool[]): ToolDefinition[] {
  const unique = new Map(tools.map((tool) => [tool.name, tool]));
  return [...unique.values()]
    .toSorted(({ name: one }, { name: other }) => (one < other ? -1 : 1))
    .map(toTool);
}

function toTool({ name, description, inputSchema }: VscodeTool): ToolDefinition {
  if (!inputSchema) return { name, description };
  return { name, description, parameters: withSortedKeys(inputSchema) as object };
}

/** The tools that are kept for a small context window, and the names of the others. */
export interface ShortList {
  tools: ToolDefinition[];
  left: string[];
}

/**
 * The essential tools, with short descriptions.
 * @returns `undefined` if none is known: they belong to another extension, which needs all of them
 */
export function shortListOf(tools: readonly ToolDefinition[]): ShortList | undefined {
  const names = new Set(tools.map(({ name }) => name));
  const isKept = ({ name }: ToolDefinition): boolean => {
    const better = replacements[name];
    return ownTool.test(name) || (Object.hasOwn(essentialTools, name) && !(better && names.has(better)));
  };
  const kept = tools.filter(isKept);
  if (!kept.some(({ name }) => Object.hasOwn(essentialTools, name))) return undefined;
  return {
    tools: kept.map((tool) => (ownTool.test(tool.name) ? tool : shortened(tool))),
    left: tools.filter((tool) => !isKept(tool)).map(({ name }) => name),
  };
}

function shortened({ name, parameters }: ToolDefinition): ToolDefinition {
  const { description, optional } = essentialTools[name]!;
  return { name, description, ...(parameters ? { parameters: shortSchema(parameters, optional) } : {}) };
}

/** The required parameters, and the listed optional ones. */
function shortSchema(schema: object, optional: readonly string[]): object {
  const { properties, required, ...rest } = schema as Record<string, unknown>;
  if (!isFields(properties)) return schema;
  const needed = Array.isArray(required) ? required.map(String) : [];
  const kept = Object.entries(properties).filter(
    ([name]) => needed.includes(name) || optional.includes(name),
  );
  return {
    ...rest,
    properties: Object.fromEntries(kept.map(([name, property]) => [name, withShortTexts(property)])),
    ...(needed.length > 0 ? { required } : {}),
  };
}

function withShortTexts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withShortTexts);
  if (!isFields(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'description' && typeof value === 'string' ? firstSentence(value) : withShortTexts(value),
    ]),
  );
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^[^]*?[.!?](?=\s|$)/.exec(text) ?? [text];
  return sentence.length <= mostDescriptionChars
    ? sentence
    : `${sentence.slice(0, mostDescriptionChars - 1)}…`;
}
