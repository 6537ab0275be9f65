import { isFields, type ToolDefinition } from '../../ollama/index.ts';
import { essentialTools, replacements } from './essentialTools.ts';
import { withSortedKeys } from './sortedKeys.ts';

/** A tool in VS Code's format. */
export interface VscodeTool {
  name: string;
  description: string;
  inputSchema?: object | undefined;
}

/** Our own tools do not make a list of another extension one of VS Code's. */
const ownTool = /^codeworm_/;
/** Keywords of a schema that only explain it, and those whose values are schemas by name. */
const texts: ReadonlySet<string> = new Set([
  'description',
  'markdownDescription',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'title',
  'examples',
  '$comment',
]);
const named: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);

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
    return Object.hasOwn(essentialTools, name) && !(better && names.has(better));
  };
  const kept = tools.filter(isKept);
  if (kept.every(({ name }) => ownTool.test(name))) return undefined;
  return {
    tools: kept.map(shortened),
    left: tools.filter((tool) => !isKept(tool)).map(({ name }) => name),
  };
}

function shortened({ name, parameters }: ToolDefinition): ToolDefinition {
  const { description } = essentialTools[name]!;
  return { name, description, ...(parameters ? { parameters: shortSchema(name, parameters) } : {}) };
}

/** The required parameters and the listed optional ones, with our descriptions. */
function shortSchema(tool: string, schema: object): object {
  const { optional = [], hints = {} } = essentialTools[tool]!;
  const { properties, required, ...rest } = withoutTexts(schema) as Record<string, unknown>;
  if (!isFields(properties)) return schema;
  const needed = Array.isArray(required) ? required.map(String) : [];
  const kept = Object.entries(properties).filter(
    ([name]) => needed.includes(name) || optional.includes(name),
  );
  return {
    ...rest,
    properties: Object.fromEntries(kept.map(([name, property]) => [name, hinted(property, hints[name])])),
    ...(needed.length > 0 ? { required } : {}),
  };
}

function hinted(property: unknown, description: string | undefined): unknown {
  return isFields(property) && description !== undefined ? { description, ...property } : property;
}

/** A schema without its descriptions. The same word can also be the name of a property, which stays. */
function withoutTexts(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutTexts);
  if (!isFields(schema)) return schema;
  const rules = Object.entries(schema).filter(([keyword]) => !texts.has(keyword));
  return Object.fromEntries(
    rules.map(([keyword, value]) => [
      keyword,
      named.has(keyword) && isFields(value)
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutTexts(inner)]))
        : withoutTexts(value),
    ]),
  );
}
