// Bundles the extension, and the suites that run inside the extension host.
// node esbuild.mjs [--dev] [--watch] [--tests]
import { build as esbuild } from 'esbuild';
import { readFile, stat } from 'node:fs/promises';
import { readdirSync, watch } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // node-fetch contains a polyfill for Node versions without web streams; VS Code has none of those.
  external: ['vscode', 'web-streams-polyfill'],
  // The Node version of the oldest VS Code that `engines.vscode` allows.
  target: 'node22',
  // The "main" of some packages is a UMD wrapper that cannot be bundled; their "module" can.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  // A dynamic import of one of our bundles becomes a `require`.
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/**
 * Parts of node-fetch that are not used: forms, files and blobs. Node has the classes; the code that creates
 * or reads such bodies is omitted.
 */
const unusedParts = {
  'fetch-blob': 'export default Blob;',
  'fetch-blob/from.js': `const [ourBlob, ourFile] = [Blob, File];
    export { ourBlob as default, ourBlob as Blob, ourFile as File };
    export const blobFrom = 0, blobFromSync = 0, fileFrom = 0, fileFromSync = 0;`,
  'formdata-polyfill/esm.min.js':
    'const ourFormData = FormData; export { ourFormData as FormData }; export const formDataToBlob = 0;',
  './utils/multipart-parser.js': 'export const toFormData = 0;',
};

const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup(build) {
    build.onResolve({ filter: /^(?:fetch-blob|formdata-polyfill|\.\/utils\/multipart-parser)/ }, ({ path }) =>
      path in unusedParts ? { path, namespace: 'unused' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({ contents: unusedParts[path] }));
  },
};

/**
 * VS Code loads `dist/extension.js` at activation. Every module that the sources import dynamically becomes a
 * separate bundle, loaded on first use. A module needed by several bundles is in one of them only, so that a
 * class or a state exists once: in the first one, or else in `dist/common.js`.
 */
const startFile = 'src/extension.ts';
const commonFile = 'dist/common.js';

/** @returns {import('esbuild').BuildOptions} */
function extensionOptions(dev) {
  return { ...common, minify: !dev, sourcemap: dev };
}

/**
 * The name of the folder for one of our modules, or its own name outside of folders; the package's name for a
 * package.
 */
const bundleName = (path) => {
  const folder = path.includes('/') ? basename(dirname(path)) : path;
  return `${folder === 'src' ? basename(path, '.ts') : folder}.js`;
};

const pathFromRoot = (path) => relative(root, path).replaceAll('\\', '/');

/**
 * Keeps dynamic imports out of the bundle, and reports what they import: a package, or a path from the root.
 */
function lazily(tell) {
  return {
    name: 'lazy',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || !resolveDir.startsWith(join(root, 'src'))) return undefined;
        const target = path.startsWith('.') ? pathFromRoot(join(resolveDir, path)) : path;
        tell(target);
        return { path: `./${bundleName(target)}`, external: true };
      });
    },
  };
}

/**
 * Takes modules from the bundles that contain them. `bundles` maps a bundle's file to the paths of its
 * modules.
 */
function from(bundles) {
  const fileOf = (path) => Object.keys(bundles).find((file) => bundles[file].has(path));
  return {
    name: 'shared',
    setup(build) {
      build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
        const name = pathFromRoot(join(resolveDir, path));
        if (kind === 'dynamic-import' || !fileOf(name)) return undefined;
        return { path: name, namespace: 'shared' };
      });
      build.onResolve({ filter: /^\.\/(?:extension|common)\.js$/, namespace: 'shared' }, ({ path }) => ({
        path,
        external: true,
      }));
      build.onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => ({
        contents: `module.exports = require('./${basename(fileOf(path))}').shared[${JSON.stringify(path)}];`,
      }));
    },
  };
}

/** An entry point that exports modules for other bundles, by their paths. */
function entryOf(shared, exports = '') {
  const modules = [...shared].toSorted((a, b) => a.localeCompare(b));
  return [
    exports,
    ...modules.map((path, index) => `import * as shared${index} from './${path}';`),
    `export const shared = { ${modules.map((path, index) => `${JSON.stringify(path)}: shared${index}`).join(', ')} };`,
  ].join('\n');
}

/**
 * Bundles an entry point's text, and writes a file if one is given. Returns the paths of the bundled modules
 * of `src`.
 */
async function bundle(options, contents, outfile, plugins) {
  const { metafile } = await esbuild({
    ...options,
    stdin: { contents, resolveDir: root, sourcefile: 'entry.ts' },
    outfile: outfile ?? 'dist/none.js',
    write: outfile !== undefined,
    metafile: true,
    plugins: [...plugins, withoutUnusedParts],
  });
  const inputs = Object.entries(metafile.inputs);
  return {
    modules: new Set(inputs.map(([path]) => path).filter((path) => path.startsWith('src/'))),
    shared: inputs.map(([path]) => path).filter((path) => path.startsWith('shared:')),
  };
}

/** Exports one of our modules, or a package with its default export. */
const entryText = (target) =>
  target.startsWith('src/')
    ? `export * from './${target}';`
    : `export * from '${target}'; export { default } from '${target}';`;

/**
 * Bundles the extension into dist/.
 * @returns {Promise<Record<string, number>>} the sizes in bytes, by file
 */
export async function buildExtension({ dev = false } = {}) {
  const options = extensionOptions(dev);
  const lazy = new Set();
  const find = lazily((target) => lazy.add(target));
  const start = `export * from './${startFile}';`;
  const inStart = (await bundle(options, start, undefined, [find])).modules;
  /** The number of later bundles that need a module which is not in the first. */
  const users = new Map();
  for (const target of lazy) {
    const plugins = [find, from({ 'dist/extension.js': inStart })];
    const { modules } = await bundle(options, entryText(target), undefined, plugins);
    for (const path of modules) users.set(path, (users.get(path) ?? 0) + 1);
  }
  const inCommon = new Set([...users.keys()].filter((path) => users.get(path) > 1));
  const bundles = { 'dist/extension.js': inStart, [commonFile]: inCommon };
  const needed = new Set();
  const ignore = lazily(() => {});
  const build = async (contents, outfile, others) => {
    const { shared } = await bundle(options, contents, outfile, [ignore, from(others)]);
    for (const path of shared) needed.add(path.slice('shared:'.length));
  };
  for (const target of lazy) await build(entryText(target), `dist/${bundleName(target)}`, bundles);
  const keep = (modules) => [...needed].filter((path) => modules.has(path));
  if (inCommon.size > 0) await build(entryOf(keep(inCommon)), commonFile, { 'dist/extension.js': inStart });
  await build(entryOf(keep(inStart), start), 'dist/extension.js', {});
  const files = [
    'dist/extension.js',
    ...(inCommon.size > 0 ? [commonFile] : []),
    ...[...lazy].map((target) => `dist/${bundleName(target)}`),
  ];
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await stat(join(root, file))).size])),
  );
}

/** Bundles a module with (parts of) the extension into one file, minified like the extension itself. */
export async function buildModule(entry, outfile) {
  await esbuild({
    ...extensionOptions(false),
    entryPoints: [entry],
    outfile,
  });
}

/** Bundles every test/host/*.test.ts into out/host/index.js, which exports `run(): Promise<void>`. */
export async function buildHostTests() {
  const suites = readdirSync(join(root, 'test/host')).filter((name) => name.endsWith('.test.ts'));
  const contents = [...suites.map((name) => `import './${name}';`), `export { run } from './runner.ts';`];
  await esbuild({
    ...common,
    stdin: { contents: contents.join('\n'), resolveDir: join(root, 'test/host'), sourcefile: 'suites.ts' },
    outfile: 'out/host/index.js',
    sourcemap: true,
    plugins: [importMeta],
  });
}

/** CommonJS has no import.meta. Test support uses it to find files beside its sources. */
const importMeta = {
  name: 'import-meta',
  setup(build) {
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => {
      const values = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/\bimport\.meta\.(url|dirname|filename)\b/g, (_, key) =>
        JSON.stringify(values[key]),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/** Prints one line per problem, and a line before and after each build, for .vscode/tasks.json. */
async function rebuild() {
  console.log('[watch] build started');
  await buildExtension({ dev: true }).catch(({ errors = [] }) => {
    for (const { text, location: at } of errors)
      console.error(`${at?.file ?? 'esbuild'}:${at?.line ?? 1}:${(at?.column ?? 0) + 1}: error: ${text}`);
  });
  console.log('[watch] build finished');
}

/** Builds now and after every change of the sources. Changes during a build cause one more build. */
async function watchSources() {
  common.logLevel = 'silent';
  await rebuild();
  let timer;
  let building = Promise.resolve();
  watch(join(root, 'src'), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => (building = building.then(rebuild)), 100);
  });
}

async function main(args) {
  if (args.includes('--watch')) return watchSources();
  if (args.includes('--tests')) await buildHostTests();
  const sizes = await buildExtension({ dev: args.includes('--dev') });
  for (const [file, size] of Object.entries(sizes)) console.log(`${file} ${(size / 1024).toFixed(1)} KB`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch(() => {
    process.exitCode = 1; // esbuild has printed why
  });
}
