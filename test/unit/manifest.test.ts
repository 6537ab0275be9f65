/**
 * The manifest and the code must use the same names. VS Code does not report a command without a handler, a
 * setting that is never read, or a `%key%` that is shown to the user.
 */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { commandNames, contextKeyNames, settingNames, walkthroughId } from '../../src/contributions.ts';
import {
  readManifest,
  readStrings,
  readText,
  resolve,
  root,
  withoutPictures,
  withTables,
} from '../support/docs.ts';

const manifest = readManifest();
const strings = readStrings();
const { commands, menus, configuration, walkthroughs } = manifest.contributes;
const settings = Object.entries(configuration.properties);
const commandIds = commands.map(({ command }) => command);
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps);
const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => ({
  path: path.replaceAll('\\', '/'),
  text: readText(path),
}));

/** Every text in a JSON value. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Asserts the same elements in any order, without duplicates. */
function assertSame(actual: Iterable<string>, expected: Iterable<string>): void {
  assert.deepEqual([...actual].toSorted(), [...expected].toSorted());
}

test('every %key% of the manifest has a text, and every text is used', () => {
  const keys = textsIn(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
  assertSame(new Set(keys), Object.keys(strings));
  for (const [key, text] of Object.entries(strings)) assert.notEqual(text.trim(), '', key);
});

test('what the user reads in the manifest is in package.nls.json', () => {
  const shown = [
    ...commands.flatMap(({ title, category }) => [title, category]),
    ...settings.map(([, { markdownDescription }]) => markdownDescription),
    ...walkthroughs.flatMap(({ title, description }) => [title, description]),
    ...steps.flatMap(({ title, description, media }) => [title, description, media.altText]),
  ];
  for (const text of shown) assert.match(text, /^%[\w.]+%$/);
});

test('what package.json contributes is what the compiler knows', () => {
  const prefixed = (names: readonly string[]): string[] => names.map((name) => `codeworm.${name}`);
  assertSame(prefixed(commandNames), commandIds);
  assertSame(
    prefixed(settingNames),
    settings.map(([name]) => name),
  );
  const inConditions = new Set(
    conditionsIn(manifest.contributes).flatMap((text) => text.match(/\bcodeworm\.\w+/g) ?? []),
  );
  // A condition may also refer to a setting: `config.codeworm.…`.
  const views = Object.values(manifest.contributes.views).flatMap((all) => all.map(({ id }) => id));
  const known = new Set([...prefixed(contextKeyNames), ...prefixed(settingNames), ...views]);
  assert.deepEqual(
    [...inConditions].filter((name) => !known.has(name)),
    [],
  );
  for (const key of prefixed(contextKeyNames)) assert.ok(inConditions.has(key), `no condition asks ${key}`);
});

/** The texts of package.json that refer to context keys. */
function conditionsIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return /^(?:when|enablement|completionEvents)$/.test(name) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    conditionsIn(inner, Array.isArray(value) ? name : key),
  );
}

test('menus, keys and links name only commands that exist', () => {
  const inMenus = Object.values(menus).flatMap((items) => items.flatMap(({ command }) => command ?? []));
  const linked = textsIn(strings).flatMap((text) =>
    [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!),
  );
  const bound = manifest.contributes.keybindings.map(({ command }) => command);
  // The walkthrough opens a setting.
  const known = new Set([...commandIds, 'workbench.action.openSettings']);
  assert.deepEqual(
    [...inMenus, ...bound, ...linked].filter((id) => !known.has(id)),
    [],
  );
});

/** The context keys that complete steps of the walkthrough. */
const completing = steps.flatMap(({ completionEvents }) =>
  completionEvents.map((event) => /^onContext:(codeworm\.\w+)$/.exec(event)?.[1] ?? event),
);

test('every step of the walkthrough has its own context key, which the code sets', () => {
  const progress = readText('src/status/walkthrough.ts');
  assert.equal(new Set(completing).size, steps.length);
  for (const key of completing) assert.ok(progress.includes(`this.set('${key}'`), key);
});

test('every step of the walkthrough has a button for its action', () => {
  for (const { id, description } of steps) {
    const buttons = resolve(description, strings).match(/^\[[^\]]+\]\(command:codeworm\.\w+\)$/gm);
    assert.ok(buttons && buttons.length <= 2, id);
  }
});

test('every step of the walkthrough has a small picture in the colours of the theme, and in the package', () => {
  const packed = readText('.vscodeignore').split('\n');
  assert.ok(packed.includes('!media/walkthrough/*.svg'));
  const pictures = steps.map(({ media }) => media.svg);
  assertSame(
    pictures,
    globSync('media/walkthrough/*', { cwd: root }).map((path) => path.replaceAll('\\', '/')),
  );
  for (const path of pictures) {
    const picture = readText(path);
    assert.ok(picture.length < 4096, `${path}: ${picture.length} bytes`);
    assert.match(picture, /var\(--vscode-/);
    assert.doesNotMatch(picture, /#[\da-f]{3,8}\b|\brgb|\bstyle=|https?:(?!\/\/www\.w3\.org\/)/i, path);
  }
});

test('the command opens the existing walkthrough', () => {
  const [walkthrough] = walkthroughs;
  assert.equal(walkthroughId, `${manifest.publisher}.${manifest.name}#${walkthrough?.id}`);
});

test('the palette hides a command exactly where the command is disabled', () => {
  const hidden = (menus['commandPalette'] as { command: string; when: string }[]).map((item) => [
    item.command,
    item.when,
  ]);
  const disabled = commands.flatMap(({ command, enablement }) => (enablement ? [[command, enablement]] : []));
  assertSame(hidden.map(String), disabled.map(String));
});

test('every setting has a unique order, a scope and a description', () => {
  const orders = settings.map(([, { order }]) => order);
  assert.deepEqual(
    orders.toSorted((a, b) => a - b),
    settings.map((_, index) => index + 1),
  );
  for (const [name, { scope, markdownDescription }] of settings) {
    assert.match(scope, /^(?:window|resource|machine|machine-overridable|application)$/, name);
    assert.ok(markdownDescription, name);
  }
});

test('the default of every setting is of its type and inside its bounds', () => {
  for (const [name, { type, default: value, minimum, maximum }] of settings) {
    assert.ok(
      [type].flat().some((wanted) => isOfType(value, wanted)),
      `${name}: type of the default`,
    );
    if (typeof value !== 'number') continue;
    assert.ok(minimum !== undefined && maximum !== undefined, `${name}: bounds`);
    assert.ok(minimum <= value && value <= maximum, `${name}: ${minimum} <= ${value} <= ${maximum}`);
  }
});

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'null' || value === null) return type === 'null' && value === null;
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

/**
 * Settings that an untrusted workspace may set, each with the reason why it is harmless. All others are
 * restricted.
 */
const harmless: Record<string, string> = {};

test('an untrusted workspace decides nothing', () => {
  const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assertSame(
    [...restrictedConfigurations, ...Object.keys(harmless)],
    settings.map(([name]) => name),
  );
  for (const name of ['codeworm.baseUrl', 'codeworm.headers'])
    assert.equal(configuration.properties[name]?.scope, 'machine-overridable', name);
});

test('at most five keywords, as many as the marketplace shows', () => {
  assert.ok(manifest.keywords.length <= 5, manifest.keywords.join(', '));
});

/**
 * Texts are extracted for translation by their literals. The exceptions forward texts from folders that do
 * not know VS Code: the localizable messages of src/ollama and src/http, and those of `Omission`.
 */
const passedOn = ['src/ui/localize.ts: l10n.t(template'];

test('every text for the user is a literal where it is localized', () => {
  const notLiteral = sources.flatMap(({ path, text }) =>
    [...withoutComments(text).matchAll(/\bl10n\.t\(\s*([^,)]{0,60})/g)]
      .filter(([, argument = '']) => !/^(?:'|"|`(?![^`]*\$\{))/.test(argument))
      .map(([call]) => `${path}: ${call}`),
  );
  assertSame(notLiteral, passedOn);
});

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

test('the README has the settings and commands of the manifest', () => {
  const readme = readText('README.md');
  assert.ok(readme === withTables(readme, manifest, strings), 'run npm run docs');
});

test('the README in the package shows no picture, because the package has none, and lacks nothing else', () => {
  const readme = readText('README.md');
  const packaged = withoutPictures(readme);
  assert.doesNotMatch(packaged, /!\[|\.webp/);
  const words = (text: string): string[] => text.split('\n').filter((line) => !/^(?:!\[.*)?$/.test(line));
  assert.deepEqual(words(packaged), words(readme));
  assert.match(manifest.scripts['package']!, /--readme-path dist\/README\.md/);
  assert.doesNotMatch(readText('.vscodeignore'), /^!.*(?:README\.md|webp)$/m);
});

test('README and CONTRIBUTING name only existing scripts', () => {
  const named = ['README.md', 'CONTRIBUTING.md'].flatMap((name) =>
    [...readText(name).matchAll(/\bnpm run ([\w:]+)/g)].map(([, script]) => script!),
  );
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((script) => !(script in manifest.scripts)),
    [],
  );
});
