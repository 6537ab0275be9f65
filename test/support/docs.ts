// npm run docs: writes the README's tables of settings and commands from the manifest.
//   node test/support/docs.ts            writes them
//   node test/support/docs.ts --check    exit code 1 and a sentence when they are not up to date
//   node test/support/docs.ts --package  writes dist/README.md for the package, which has no pictures
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The documented part of a setting. */
export interface Setting {
  type: string | string[];
  default: unknown;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  enumDescriptions?: string[];
  markdownEnumDescriptions?: string[];
  scope: string;
  order: number;
  markdownDescription: string;
}

/** A command of the manifest. */
export interface Command {
  command: string;
  title: string;
  category: string;
  enablement?: string;
}

/** A walkthrough of the manifest. */
export interface Walkthrough {
  id: string;
  title: string;
  description: string;
  steps: {
    id: string;
    title: string;
    description: string;
    media: { svg: string; altText: string };
    completionEvents: string[];
  }[];
}

/** The parts of package.json that users see. */
export interface Manifest {
  name: string;
  publisher: string;
  keywords: string[];
  scripts: Record<string, string>;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: Command[];
    menus: Record<string, { command?: string; submenu?: string }[]>;
    views: Record<string, { id: string; name: string }[]>;
    walkthroughs: Walkthrough[];
    keybindings: { command: string; key: string; mac: string; when: string }[];
    configuration: { properties: Record<string, Setting> };
  };
}

export type Strings = Record<string, string>;

export const root = join(import.meta.dirname, '..', '..');
const submenu = 'codeworm.editor';

export function readText(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

export function readManifest(): Manifest {
  return JSON.parse(readText('package.json')) as Manifest;
}

export function readStrings(): Strings {
  return JSON.parse(readText('package.nls.json')) as Strings;
}

/** The README with up-to-date tables. Throws when a pair of markers is missing. */
export function withTables(readme: string, manifest: Manifest, strings: Strings): string {
  const withSettings = between(readme, 'settings', settingsTable(manifest, strings));
  return between(withSettings, 'commands', commandsTable(manifest, strings));
}

/** The README without its pictures, which are as large as the rest of the package. */
export function withoutPictures(readme: string): string {
  return readme.replaceAll(/^!\[[^\]]*\]\([^)]*\)\n\n?/gm, '');
}

function between(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start)
    throw new Error(`README.md has no place for the ${name}: ${open} and ${close}`);
  return `${text.slice(0, start + open.length)}\n\n${content}\n\n${text.slice(end)}`;
}

function settingsTable(manifest: Manifest, strings: Strings): string {
  const settings = Object.entries(manifest.contributes.configuration.properties);
  const rows = settings
    .toSorted(([, a], [, b]) => a.order - b.order)
    .map(([name, setting]) => [
      `\`${name}\``,
      `\`${JSON.stringify(setting.default)}\``,
      valuesOf(setting),
      meaningOf(setting, manifest, strings),
    ]);
  return table(['Setting', 'Default', 'Values', 'Meaning'], rows);
}

/** The description, and those of the values. */
function meaningOf(setting: Setting, manifest: Manifest, strings: Strings): string {
  const { enum: values = [], enumDescriptions, markdownEnumDescriptions } = setting;
  const ofValues = (enumDescriptions ?? markdownEnumDescriptions ?? []).map(
    (text, index) => `\`${values[index]}\`: ${resolve(text, strings)}`,
  );
  const whole = withoutLinks(resolve(setting.markdownDescription, strings), manifest, strings);
  return [whole.replaceAll(/`#([\w.]+)#`/g, '`$1`'), ...ofValues].join(' ');
}

function valuesOf({ type, minimum, maximum, enum: values }: Setting): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (minimum !== undefined && maximum !== undefined && ![type].flat().includes('string'))
    return `${minimum} to ${maximum}`;
  const names: Record<string, string> = {
    boolean: '`true`, `false`',
    string: 'text',
    object: 'names and texts',
    array: 'a list',
  };
  return [type]
    .flat()
    .map((name) => names[name] ?? name)
    .join(' or ');
}

/** Replaces command links by the command's name, because they work only inside VS Code. */
function withoutLinks(text: string, manifest: Manifest, strings: Strings): string {
  return text.replaceAll(/\[([^\]]+)\]\(command:([\w.]+)\)/g, (_, label: string, id: string) => {
    const command = manifest.contributes.commands.find((candidate) => candidate.command === id);
    if (!command) throw new Error(`package.nls.json links to ${id}, which is no command`);
    return `${label}: *${nameOf(command, strings)}*.`;
  });
}

function commandsTable(manifest: Manifest, strings: Strings): string {
  const { commands, menus } = manifest.contributes;
  const inMenu = new Set(menus[submenu]?.map(({ command }) => command));
  const rows = commands.map((command) => [
    nameOf(command, strings),
    `\`${command.command}\``,
    inMenu.has(command.command) ? 'yes' : '',
    availability(command),
  ]);
  return table(['In the palette', 'For key bindings', 'In the editor’s menu', 'Available'], rows);
}

function nameOf({ category, title }: Command, strings: Strings): string {
  return `${resolve(category, strings)}: ${resolve(title, strings)}`;
}

/** Describes a command's condition. Throws for one without a description. */
function availability({ command, enablement }: Command): string {
  switch (enablement) {
    case undefined:
      return 'always';
    case '!codeworm.fixedServer':
    case '!codeworm.notOllama':
      return 'with Ollama';
    case '!codeworm.noLoading':
    case '!codeworm.noUnloading':
      return "with Ollama, and llama-server's router";
    case 'editorIsOpen':
      return 'with an open editor';
    case 'codeworm.pulling':
      return 'while a model is pulled';
    case 'codeworm.working':
      return 'while CodeWorm works';
    case 'codeworm.proposalOpen':
      return 'while an edit is proposed';
    case 'codeworm.hasAnswer':
      return 'after an answer';
    case 'codeworm.hasAnswer && editorIsOpen':
      return 'after an answer, with an open editor';
    case 'gitOpenRepositoryCount > 0 && !codeworm.writingCommitMessage':
      return 'in a Git repository';
    case 'codeworm.chatAllowed':
      return 'after Chat With Your Model has changed settings';
    case 'workspaceFolderCount > 0':
      return 'with an open folder';
    case 'codeworm.documenting':
      return 'while a workspace is documented';
    case 'codeworm.hasPlan':
      return 'after *Document Workspace*';
    case 'codeworm.writingCommitMessage':
      return 'while a commit message is written';
    default:
      throw new Error(`${command}: test/support/docs.ts has no words for "${enablement}"`);
  }
}

/** The text of `%key%`. */
export function resolve(text: string, strings: Strings): string {
  const key = /^%(.+)%$/.exec(text)?.[1];
  if (key === undefined) return text;
  const value = strings[key];
  if (value === undefined) throw new Error(`package.nls.json has no "${key}"`);
  return value;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function writePackaged(readme: string): void {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist', 'README.md'), withoutPictures(readme));
}

function main(args: string[]): void {
  const before = readText('README.md');
  const after = withTables(before, readManifest(), readStrings());
  if (args.includes('--package')) return writePackaged(after);
  if (!args.includes('--check')) return writeFileSync(join(root, 'README.md'), after);
  if (before === after) return;
  console.error('README.md does not have the settings and commands of package.json: run npm run docs.');
  process.exitCode = 1;
}

if (import.meta.main) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
